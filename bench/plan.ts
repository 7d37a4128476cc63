/** Which cases there are, and how large. */

/** A case with its arguments. */
export interface PlannedCase {
  /** `question/subject`, unique. */
  readonly id: string;
  /** Name of the program in `cases/`. */
  readonly program: string;
  readonly args: Readonly<Record<string, unknown>>;
  readonly execArgv?: readonly string[];
  /** What runs the program; left out, this Node. */
  readonly command?: string;
  /** Measured before the first run, once for all cases that name it; its result is added to their arguments. */
  readonly calibration?: Calibration;
  /** Left out unless `--only` names it. */
  readonly isExtra?: true;
}

/** A case whose result others need as an argument. */
export interface Calibration {
  /** Name of the program in `cases/`. */
  readonly program: string;
  readonly args: Readonly<Record<string, unknown>>;
  /** Arguments made from the measures. */
  readonly argsFrom: (measures: Readonly<Record<string, number>>) => Readonly<Record<string, unknown>>;
}

const BURST_SIZE = 5000;
/** Bursts that are measured by default; loggers that take longer get by with fewer. */
const CALL_BURSTS: Readonly<Record<string, number>> = {
  femtologging: 200,
  "femtologging-again": 200,
  "femtologging-redact": 100,
  "femtologging-redacted": 100,
  "sdk-logs": 100,
  "pino-sync": 40,
  "pino-sync-4096": 60,
  "pino-async-4096": 40,
  "pino-transport": 60,
  "pino-bridge": 60,
  "pino-bridge-filtered": 40,
  "pino-bridge-redact": 40,
  winston: 10,
  logtape: 10,
};
const FILE_COUNTS: Readonly<Record<string, number>> = {
  femtologging: 2_000_000,
  "femtologging-again": 2_000_000,
  "pino-sync-4096": 500_000,
  "pino-async-4096": 200_000,
  "pino-transport": 300_000,
  winston: 150_000,
  "winston-bridge": 150_000,
  "winston-bridge-again": 150_000,
  "winston-bridge-formats": 150_000,
  logtape: 100_000,
};
const ROTATING_COUNT = 2_400_000;
/** How many threads log. */
const THREAD_SUBJECTS = ["1", "1-again", "4"];
const THREADS_COUNT = 2_000_000;
/** About two seconds each: in a shorter time, compilation is a fifth of what is measured, for both sides. */
const OTLP_COUNTS: Readonly<Record<string, number>> = {
  femtologging: 8_192_000,
  "femtologging-again": 8_192_000,
  "sdk-logs-512": 1_228_800,
  "sdk-logs-4096": 1_228_800,
  "pino-otel": 409_600,
};
/** A collector far away: femtologging has as much more to do as it is meant to be faster. */
const DISTANCE_COUNTS: Readonly<Record<string, number>> = {
  femtologging: 512_000,
  "femtologging-again": 512_000,
  "sdk-logs": 25_600,
  "pino-otel": 25_600,
};
const DISTANCE_ROUND_TRIP_MILLIS = 100;
/** Whole batches of the peers: the rest of one would wait. */
const DISTANCE_WARM_COUNT = 5120;
const DISTANCE_SMOKE = { roundTripMillis: 4, warmCount: 512, count: 1024 } as const;
const SOCKET_COUNTS: Readonly<Record<string, number>> = {
  femtologging: 1_000_000,
  "femtologging-again": 1_000_000,
  "femtologging-json": 1_000_000,
  winston: 150_000,
  log4js: 150_000,
};
/** Alone: all of them. Among other call sites: those that the requirements name. */
const MIXED_SUBJECTS = ["femtologging", "femtologging-again", "pino-sync", "pino-sync-4096", "sdk-logs"];
const IMPORT_SUBJECTS = ["femtologging", "femtologging-again", "pino", "winston", "sdk-logs-otlp"];
const MEMORY_SUBJECTS = ["empty-worker", "file", "otlp", "otlp-grpc"].flatMap((name) => [
  name,
  `${name}-again`,
]);
const HANDLER_COUNTS = ["1", "1-again", "3", "3-again"];
/** Loggers of the HTTP server; the question's name says how many records a request logs. */
const SERVICE_SUBJECTS = [
  "femtologging",
  "pino-sync-4096",
  "pino-sync",
  "winston",
  "femtologging-otlp",
  "sdk-logs-otlp",
];
const SERVICE_QUESTIONS: Readonly<Record<string, number>> = { service: 20, "service-5": 5, "service-1": 1 };
const SERVICE_SECONDS = 4;
const OVERLOAD_POLICIES = ["drop-newest", "drop-oldest", "block"];
const OVERLOAD_SUBJECTS: Readonly<Record<string, readonly string[]>> = {
  pipe: [...OVERLOAD_POLICIES, "pino-sync", "pino-transport", "winston"],
  otlp: [...OVERLOAD_POLICIES, "sdk-logs"],
};
/** What the sink takes of the offered rate while it is slow. */
const OVERLOAD_SHARES: Readonly<Record<string, number>> = { half: 1 / 2, tenth: 1 / 10, stalled: 0 };
/**
 * The queue holds a second of what is offered, so the stage of the slow sink is mostly one of a full queue. A receiver takes more
 * time for a record than the reader of a pipe, and must be able to take all while it is fast.
 */
const OVERLOAD_RATES: Readonly<
  Record<string, { readonly ratePerSecond: number; readonly queueBytes: number }>
> = {
  pipe: { ratePerSecond: 40_000, queueBytes: 2_097_152 },
  otlp: { ratePerSecond: 20_000, queueBytes: 1_048_576 },
};
const OVERLOAD_SIZES = {
  blockTimeoutMillis: 500,
  fastMillis: 1000,
  slowMillis: 4000,
  tailMillis: 2500,
} as const;
const OVERLOAD_SMOKE_SIZES = {
  ratePerSecond: 10_000,
  queueBytes: 65_536,
  blockTimeoutMillis: 100,
  fastMillis: 200,
  slowMillis: 400,
  tailMillis: 300,
} as const;
/** Most that a smoke run asks of the server, requests a second. */
const SMOKE_RATE = 100;
const SINK_SUBJECTS = ["http", "syslog"];
const CONSOLE_SUBJECTS = ["plain", "captured", "captured-again"];
const FORMAT_SUBJECTS = [
  "json",
  "json-again",
  "json-stringify",
  "json-stringify-ready",
  "text",
  "text-python",
  "logfmt",
  "ecs",
  "otlp-json",
];

/** Of the ordinary numbers, so much is left in a smoke run. */
const SMOKE_SHARE = 1 / 100;
/** Chunks of the OTLP peers: counts are multiples of it, or the rest of a batch would wait a second. */
const OTLP_CHUNK = 4096;

/** The same logger under another name: what differs is noise. */
const AGAIN = "-again";

function subjectOf(name: string): string {
  return name.endsWith(AGAIN) ? name.slice(0, -AGAIN.length) : name;
}

/** All cases; small ones for a smoke run. */
export function planCases({ isSmoke }: { readonly isSmoke: boolean }): readonly PlannedCase[] {
  const scale = (count: number): number => (isSmoke ? Math.ceil(count * SMOKE_SHARE) : count);
  const bursts = (name: string): object => ({
    burstSize: isSmoke ? 100 : BURST_SIZE,
    warmBursts: isSmoke ? 2 : 30,
    bursts: isSmoke ? 10 : CALL_BURSTS[name],
  });
  const call = (name: string, isMixed: boolean): PlannedCase => ({
    id: `${isMixed ? "call-mixed" : "call"}/${name}`,
    program: "call",
    args: { subject: subjectOf(name), isMixed, ...bursts(name) },
  });
  return [
    ...Object.keys(CALL_BURSTS).map((name) => call(name, false)),
    ...MIXED_SUBJECTS.map((name) => call(name, true)),
    ...(["http", "grpc"] as const).map((transport) => ({
      id: `call/femtologging-otlp-${transport}`,
      program: "call-otlp",
      args: { transport, ...bursts("femtologging") },
    })),
    ...HANDLER_COUNTS.map((name) => ({
      id: `handlers/${name}`,
      program: "handlers",
      args: { handlerCount: Number(subjectOf(name)), ...bursts("femtologging") },
    })),
    ...disabledCases(isSmoke),
    ...Object.entries(FILE_COUNTS).map(([name, count]) => ({
      id: `file/${name}`,
      program: "file",
      args: { subject: subjectOf(name), warmCount: scale(100_000), count: scale(count) },
    })),
    ...THREAD_SUBJECTS.map((name) => ({
      id: `threads/${name}`,
      program: "threads",
      args: { threadCount: Number(subjectOf(name)), warmCount: scale(50_000), count: scale(THREADS_COUNT) },
    })),
    ...["plain", "1-mib"].map((name) => ({
      id: `rotating/${name}`,
      program: "rotating",
      args: { isRotating: name !== "plain", warmCount: scale(100_000), count: scale(ROTATING_COUNT) },
    })),
    ...(["http", "grpc"] as const).flatMap((transport) => otlpCases(transport, isSmoke)),
    ...IMPORT_SUBJECTS.map((name) => ({
      id: `import/${name}`,
      program: "import",
      args: { subject: subjectOf(name) },
    })),
    ...SINK_SUBJECTS.map((subject) => ({
      id: `${subject}/femtologging`,
      program: "sink",
      args: { subject, warmCount: scale(100_000), count: scale(1_000_000) },
    })),
    ...CONSOLE_SUBJECTS.map((name) => ({
      id: `console/${name}`,
      program: "console",
      args: { subject: subjectOf(name), warmCount: scale(50_000), count: scale(300_000) },
    })),
    ...FORMAT_SUBJECTS.map((subject) => ({
      id: `format/${subject}`,
      program: "format",
      args: { subject, warmCount: scale(2000), count: scale(8000), repeats: isSmoke ? 2 : 100 },
    })),
    ...Object.entries(SOCKET_COUNTS).map(([name, count]) => ({
      id: `socket/${name}`,
      program: "socket",
      args: { subject: subjectOf(name), warmCount: scale(100_000), count: scale(count) },
    })),
    ...memoryCases("memory", 1000),
    ...memoryCases("memory-busy", isSmoke ? 2000 : 100_000),
    ...["femtologging", "femtologging-again"].map((name) => ({
      id: `garbage/${name}`,
      program: "garbage",
      args: { warmCount: scale(200_000), count: isSmoke ? 1000 : 10_000, rounds: isSmoke ? 2 : 10 },
      execArgv: ["--expose-gc", "--min-semi-space-size=64", "--max-semi-space-size=64"],
    })),
    ...serviceCases(isSmoke),
    ...overloadCases(isSmoke),
    ...(["http", "grpc"] as const).flatMap((transport) => distanceCases(transport, isSmoke)),
  ];
}

function otlpCases(transport: "http" | "grpc", isSmoke: boolean): PlannedCase[] {
  return Object.entries(OTLP_COUNTS).map(([name, count]) => ({
    id: `${transport === "http" ? "otlp" : "otlp-grpc"}/${name}`,
    program: "otlp",
    args: {
      subject: subjectOf(name),
      transport,
      warmCount: OTLP_CHUNK * (isSmoke ? 1 : 25),
      count: isSmoke ? OTLP_CHUNK : count,
    },
  }));
}

function distanceCases(transport: "http" | "grpc", isSmoke: boolean): PlannedCase[] {
  return Object.entries(DISTANCE_COUNTS).map(([name, count]) => ({
    id: `distance-${transport}/${name}`,
    program: "distance",
    args: {
      subject: subjectOf(name),
      transport,
      roundTripMillis: DISTANCE_ROUND_TRIP_MILLIS,
      warmCount: DISTANCE_WARM_COUNT,
      count,
      ...(isSmoke && DISTANCE_SMOKE),
    },
    isExtra: true as const,
  }));
}

function serviceCases(isSmoke: boolean): PlannedCase[] {
  const sizes = { warmCount: isSmoke ? 20 : 2000, seconds: isSmoke ? 0.5 : SERVICE_SECONDS };
  const calibration = halfLoad(isSmoke);
  return Object.entries(SERVICE_QUESTIONS).flatMap(([question, logsPerRequest]) => {
    const isMain = question === "service";
    const subjects = isMain ? ["none", `none${AGAIN}`, ...SERVICE_SUBJECTS] : SERVICE_SUBJECTS;
    return subjects.map((name) => ({
      id: `${question}/${name}`,
      program: "service",
      args: { subject: subjectOf(name), logsPerRequest, ...sizes },
      calibration,
      ...(!isMain && { isExtra: true as const }),
    }));
  });
}

/** All cases get the same rate: half of what the server without logs does. */
function halfLoad(isSmoke: boolean): Calibration {
  const rateMax = isSmoke ? SMOKE_RATE : Number.POSITIVE_INFINITY;
  return {
    program: "service-capacity",
    args: isSmoke ? { warmCount: 20, count: 100, rounds: 2 } : { warmCount: 4000, count: 2000, rounds: 5 },
    argsFrom: ({ requestsPerSecond = 0 }) => ({
      ratePerSecond: Math.min(rateMax, Math.round(requestsPerSecond / 2)),
    }),
  };
}

function overloadCases(isSmoke: boolean): PlannedCase[] {
  return Object.entries(OVERLOAD_SUBJECTS).flatMap(([sink, subjects]) => {
    const sizes = isSmoke ? OVERLOAD_SMOKE_SIZES : { ...OVERLOAD_SIZES, ...OVERLOAD_RATES[sink] };
    return subjects.flatMap((subject) =>
      Object.entries(OVERLOAD_SHARES).map(([name, share]) => ({
        id: `overload-${sink}/${subject}-${name}`,
        program: "overload",
        args: { subject, sink, share, ...sizes },
        isExtra: true as const,
      })),
    );
  });
}

function memoryCases(question: string, count: number): PlannedCase[] {
  return MEMORY_SUBJECTS.map((name) => ({
    id: `${question}/${name}`,
    program: "memory",
    args: { subject: subjectOf(name), count },
  }));
}

function disabledCases(isSmoke: boolean): PlannedCase[] {
  const sizes = { loopCount: 10_000, rounds: isSmoke ? 10 : 3000 };
  return ["femtologging", "femtologging-again", "pino"].flatMap((name) =>
    [false, true].map((hasAttributes) => ({
      id: `${hasAttributes ? "disabled" : "disabled-bare"}/${name}`,
      program: "disabled",
      args: { subject: subjectOf(name), hasAttributes, ...sizes },
    })),
  );
}
