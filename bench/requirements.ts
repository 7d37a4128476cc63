/** What is required of the numbers, and how each follows from the measures of one run. */
import type { ReadMeasure, Requirement } from "./requirement.ts";
import { service } from "./service/requirements.ts";
import { threads } from "./threads/requirements.ts";

interface Comparison {
  readonly id: string;
  readonly label: string;
  /** `question/subject` of the peer, whose measure is divided by ours. */
  readonly peer: string;
  readonly own: string;
  readonly measure: string;
  readonly must?: number;
  readonly aim?: number;
}

/** A row that says how many times more the peer takes. */
function timesLess(comparison: Comparison): Requirement {
  const { peer, own, measure, ...row } = comparison;
  const value = (read: ReadMeasure): number => read(peer, measure) / read(own, measure);
  return { ...row, unit: "x", isBetter: "higher", cases: [peer, own], value };
}

function against(
  question: string,
  measure: string,
  peers: readonly {
    readonly peer: string;
    readonly label: string;
    readonly must?: number;
    readonly aim?: number;
  }[],
): Requirement[] {
  return peers.map(({ peer, ...row }) =>
    timesLess({
      id: `${question}/${peer}/${measure}`,
      peer: `${question}/${peer}`,
      own: `${question}/femtologging`,
      measure,
      ...row,
    }),
  );
}

/** Calls with a handler for a file, measured twice: how far two measurements of the same thing lie apart. */
const FILE_CALLS = ["call/femtologging", "call/femtologging-again"] as const;
const FILE_CALLS_APART = "call/femtologging/apart";

/** The same call with a handler for OTLP, of that for a file: it must not be dearer beyond what two of the latter differ by. */
function callsByOtlp(transport: "HTTP" | "gRPC"): Requirement {
  const own = `call/femtologging-otlp-${transport.toLowerCase()}`;
  const [file] = FILE_CALLS;
  return {
    id: `${own}/nsPerCall`,
    label: `call with a handler for OTLP/${transport}, of one with a file handler`,
    unit: "x",
    isBetter: "lower",
    must: 1,
    beyond: FILE_CALLS_APART,
    cases: [own, file],
    value: (read) => read(own, "nsPerCall") / read(file, "nsPerCall"),
  };
}

const callsApart: Requirement = {
  id: FILE_CALLS_APART,
  label: "A/A: call with a file handler, the slower of two measurements, of the faster",
  unit: "x",
  isBetter: "lower",
  cases: FILE_CALLS,
  value: (read) => {
    const times = FILE_CALLS.map((id) => read(id, "nsPerCall"));
    return Math.max(...times) / Math.min(...times);
  },
};

const calls: readonly Requirement[] = [
  ...against("call", "nsPerCall", [
    { peer: "pino-sync", label: "call, against pino sync", must: 8, aim: 12 },
    { peer: "sdk-logs", label: "call, against sdk-logs batch", must: 4, aim: 8 },
    { peer: "pino-sync-4096", label: "call, against pino sync, minLength 4096" },
    { peer: "pino-async-4096", label: "call, against pino async, minLength 4096" },
    { peer: "pino-transport", label: "call, against pino transport" },
    { peer: "winston", label: "call, against winston File" },
    { peer: "logtape", label: "call, against LogTape file" },
    { peer: "femtologging-again", label: "A/A: call, against itself" },
  ]),
  callsByOtlp("HTTP"),
  callsByOtlp("gRPC"),
  callsApart,
  ...against("call-mixed", "nsPerCall", [
    { peer: "pino-sync", label: "call among 40 other sites, against pino sync", must: 6, aim: 10 },
    { peer: "sdk-logs", label: "call among 40 other sites, against sdk-logs batch", must: 3, aim: 6 },
    { peer: "pino-sync-4096", label: "call among 40 other sites, against pino sync, minLength 4096" },
    { peer: "femtologging-again", label: "A/A: call among 40 other sites, against itself" },
  ]),
  timesLess({
    id: "call/pino-bridge/nsPerCall",
    label: "whole call of pino into our handlers, against pino sync",
    peer: "call/pino-sync",
    own: "call/pino-bridge",
    measure: "nsPerCall",
    must: 1,
  }),
  timesLess({
    id: "call/pino-bridge/nsPerCallBest",
    label: "best burst of whole calls of pino into our handlers, against pino sync",
    peer: "call/pino-sync",
    own: "call/pino-bridge",
    measure: "nsPerCallBest",
  }),
  timesLess({
    id: "call/pino-bridge-filtered/nsPerCall",
    label: "the same with a filter of ours, so that the call parses the line, against pino sync",
    peer: "call/pino-sync",
    own: "call/pino-bridge-filtered",
    measure: "nsPerCall",
  }),
  // Steadier than the rows above on a busy machine, but without garbage collections.
  ...against("call", "nsPerCallBest", [
    { peer: "pino-sync", label: "best burst of calls, against pino sync" },
    { peer: "sdk-logs", label: "best burst of calls, against sdk-logs batch" },
  ]),
  ...against("call-mixed", "nsPerCallBest", [
    { peer: "pino-sync", label: "best burst among 40 other sites, against pino sync" },
    { peer: "sdk-logs", label: "best burst among 40 other sites, against sdk-logs batch" },
  ]),
];

const handlers: readonly Requirement[] = [
  {
    id: "handlers/share",
    label: "each further file handler, of the first one's call",
    unit: "x",
    isBetter: "lower",
    must: 1 / 3,
    cases: ["handlers/1", "handlers/3"],
    value: (read) => furtherHandler(read) / read("handlers/1", "nsPerCall"),
  },
  {
    id: "handlers/ns",
    label: "each further file handler",
    unit: "ns",
    isBetter: "lower",
    aim: 45,
    cases: ["handlers/1", "handlers/3"],
    value: (read) => furtherHandler(read),
  },
  {
    id: "handlers/again",
    label: "A/A: each further file handler, less itself",
    unit: "ns",
    isBetter: "lower",
    cases: ["handlers/1", "handlers/3", "handlers/1-again", "handlers/3-again"],
    value: (read) => Math.abs(furtherHandler(read, "-again") - furtherHandler(read)),
  },
];

function furtherHandler(read: ReadMeasure, again = ""): number {
  return (read(`handlers/3${again}`, "nsPerCall") - read(`handlers/1${again}`, "nsPerCall")) / 2;
}

const throughput: readonly Requirement[] = [
  ...against("file", "nsPerRecord", [
    {
      peer: "pino-sync-4096",
      label: "JSON lines to a file, against pino sync, minLength 4096",
      must: 3,
      aim: 6,
    },
    { peer: "pino-async-4096", label: "JSON lines to a file, against pino async, minLength 4096" },
    { peer: "pino-transport", label: "JSON lines to a file, against pino transport" },
    { peer: "winston", label: "JSON lines to a file, against winston File" },
    { peer: "logtape", label: "JSON lines to a file, against LogTape file" },
    { peer: "femtologging-again", label: "A/A: JSON lines to a file, against itself" },
  ]),
  timesLess({
    id: "file/winston-bridge/nsPerRecord",
    label: "winston with our transport, against winston File",
    peer: "file/winston",
    own: "file/winston-bridge",
    measure: "nsPerRecord",
    must: 1.5,
  }),
  timesLess({
    id: "file/winston-bridge-formats/nsPerRecord",
    label: "winston with our transport and formats nobody needs, against winston File",
    peer: "file/winston",
    own: "file/winston-bridge-formats",
    measure: "nsPerRecord",
  }),
  timesLess({
    id: "file/winston-bridge-again/nsPerRecord",
    label: "A/A: winston with our transport, against itself",
    peer: "file/winston-bridge-again",
    own: "file/winston-bridge",
    measure: "nsPerRecord",
  }),
  timesLess({
    id: "rotating/1-mib/nsPerRecord",
    label: "throughput when the file is put away at every MiB, of that of a plain file",
    peer: "rotating/plain",
    own: "rotating/1-mib",
    measure: "nsPerRecord",
    must: 0.8,
    aim: 0.95,
  }),
  ...against("otlp", "nsPerRecord", [
    { peer: "sdk-logs-512", label: "OTLP/HTTP, against sdk-logs, batch 512", must: 6, aim: 10 },
    { peer: "sdk-logs-4096", label: "OTLP/HTTP, against sdk-logs, batch 4096", must: 4, aim: 6 },
    { peer: "pino-otel", label: "OTLP/HTTP, against pino-opentelemetry-transport", must: 6, aim: 10 },
    { peer: "femtologging-again", label: "A/A: OTLP/HTTP, against itself" },
  ]),
  ...against("otlp-grpc", "nsPerRecord", [
    { peer: "sdk-logs-512", label: "OTLP/gRPC, against sdk-logs, batch 512", must: 6 },
    { peer: "sdk-logs-4096", label: "OTLP/gRPC, against sdk-logs, batch 4096", must: 4 },
    { peer: "pino-otel", label: "OTLP/gRPC, against pino-opentelemetry-transport", must: 6 },
    { peer: "femtologging-again", label: "A/A: OTLP/gRPC, against itself" },
  ]),
  ...(["HTTP", "gRPC"] as const).flatMap((transport) =>
    against(`distance-${transport.toLowerCase()}`, "nsPerRecord", [
      { peer: "sdk-logs", label: `OTLP/${transport}, 100 ms away, against sdk-logs, batch 512`, must: 10 },
      { peer: "pino-otel", label: `OTLP/${transport}, 100 ms away, against pino-opentelemetry-transport` },
      { peer: "femtologging-again", label: `A/A: OTLP/${transport}, 100 ms away, against itself` },
    ]),
  ),
  ...against("socket", "nsPerRecord", [
    { peer: "winston", label: "records over TCP, against winston on a socket", must: 5, aim: 10 },
    { peer: "log4js", label: "records over TCP, against log4js's tcp appender", must: 5, aim: 10 },
    { peer: "femtologging-json", label: "records over TCP, MessagePack against JSON" },
    { peer: "femtologging-again", label: "A/A: records over TCP, against itself" },
  ]),
  timesLess({
    id: "console/captured/nsPerRecord",
    label: "a captured console, JSON lines to a file, against console.log to a file",
    peer: "console/plain",
    own: "console/captured",
    measure: "nsPerRecord",
    must: 1,
  }),
  timesLess({
    id: "console/captured/cpuNsPerRecord",
    label: "CPU, a captured console, against console.log to a file",
    peer: "console/plain",
    own: "console/captured",
    measure: "cpuNsPerRecord",
  }),
  timesLess({
    id: "console/again/nsPerRecord",
    label: "A/A: a captured console, against itself",
    peer: "console/captured-again",
    own: "console/captured",
    measure: "nsPerRecord",
  }),
  ...against("file", "cpuNsPerRecord", [
    { peer: "pino-sync-4096", label: "CPU, file, against pino sync, minLength 4096", must: 2, aim: 4 },
    { peer: "femtologging-again", label: "A/A: CPU, file, against itself" },
  ]),
  ...against("otlp", "cpuNsPerRecord", [
    { peer: "sdk-logs-512", label: "CPU, OTLP/HTTP, against sdk-logs, batch 512", must: 4, aim: 6 },
    { peer: "sdk-logs-4096", label: "CPU, OTLP/HTTP, against sdk-logs, batch 4096", must: 4, aim: 6 },
    { peer: "pino-otel", label: "CPU, OTLP/HTTP, against pino-opentelemetry-transport", must: 4 },
    { peer: "femtologging-again", label: "A/A: CPU, OTLP/HTTP, against itself" },
  ]),
  ...against("otlp-grpc", "cpuNsPerRecord", [
    { peer: "sdk-logs-512", label: "CPU, OTLP/gRPC, against sdk-logs, batch 512", must: 4 },
    { peer: "sdk-logs-4096", label: "CPU, OTLP/gRPC, against sdk-logs, batch 4096", must: 4 },
    { peer: "pino-otel", label: "CPU, OTLP/gRPC, against pino-opentelemetry-transport", must: 4 },
    { peer: "femtologging-again", label: "A/A: CPU, OTLP/gRPC, against itself" },
  ]),
];

const formats: readonly Requirement[] = [
  timesLess({
    id: "format/json/stringify",
    label: "JSON of a record, against JSON.stringify of the same record",
    peer: "format/json-stringify",
    own: "format/json",
    measure: "nsPerRecord",
    must: 3,
  }),
  timesLess({
    id: "format/json/stringify-ready",
    label: "JSON of a record, against JSON.stringify of an object that is ready",
    peer: "format/json-stringify-ready",
    own: "format/json",
    measure: "nsPerRecord",
  }),
  timesLess({
    id: "format/json/again",
    label: "A/A: JSON of a record, against itself",
    peer: "format/json-again",
    own: "format/json",
    measure: "nsPerRecord",
  }),
];

interface Limit {
  readonly id: string;
  readonly label: string;
  readonly unit: Requirement["unit"];
  readonly measure: string;
  readonly must?: number;
  readonly aim?: number;
  /** A case whose measure is taken off. */
  readonly over?: string;
}

/** A row that is a measure itself, or less that of an empty case. */
function atMost({ measure, over, ...row }: Limit): Requirement {
  const value = (read: ReadMeasure): number =>
    read(row.id, measure) - (over === undefined ? 0 : read(over, measure));
  return { ...row, isBetter: "lower", cases: over === undefined ? [row.id] : [row.id, over], value };
}

const nsPerCall = { unit: "ns", measure: "nsPerCall" } as const;
const rss = { unit: "MB", measure: "rssMegabytes", over: "memory/empty-worker" } as const;
const busyRss = { ...rss, over: "memory-busy/empty-worker" } as const;
const nsPerRecord = { unit: "ns", measure: "nsPerRecord" } as const;
const loading = { unit: "ms", measure: "millis" } as const;

const limits: readonly Limit[] = [
  { id: "http/femtologging", label: "plain HTTP, NDJSON", unit: "ns", measure: "nsPerRecord" },
  {
    id: "syslog/femtologging",
    label: "syslog, RFC 5424 over TCP",
    unit: "ns",
    measure: "nsPerRecord",
  },
  {
    id: "disabled/femtologging",
    label: "level disabled, 4 attributes, over an empty loop",
    ...nsPerCall,
    must: 3,
  },
  {
    id: "disabled-bare/femtologging",
    label: "level disabled, text only, over an empty loop",
    ...nsPerCall,
    must: 3,
  },
  { id: "disabled/pino", label: "level disabled, 4 attributes, pino", ...nsPerCall },
  {
    id: "memory/file",
    label: "memory of a file handler, 1,000 records, over an empty worker",
    ...rss,
    must: 8,
    aim: 4,
  },
  {
    id: "memory/otlp",
    label: "memory of an OTLP handler, 1,000 records, over an empty worker",
    ...rss,
    must: 28,
    aim: 14,
  },
  {
    id: "memory/otlp-grpc",
    label: "memory of an OTLP/gRPC handler, 1,000 records, over an empty worker",
    ...rss,
  },
  {
    id: "memory-busy/file",
    label: "memory of a file handler, 100,000 records, over an empty worker",
    ...busyRss,
  },
  {
    id: "memory-busy/otlp",
    label: "memory of an OTLP handler, 100,000 records, over an empty worker",
    ...busyRss,
  },
  {
    id: "memory-busy/otlp-grpc",
    label: "memory of an OTLP/gRPC handler, 100,000 records, over an empty worker",
    ...busyRss,
  },
  {
    id: "garbage/femtologging",
    label: "garbage of a call, beyond the caller's object",
    unit: "bytes",
    measure: "bytesPerCall",
    must: 32,
    aim: 0,
  },
  { id: "format/json", label: "JSON of a record", ...nsPerRecord },
  { id: "format/json-stringify", label: "JSON.stringify of a record", ...nsPerRecord },
  {
    id: "format/json-stringify-ready",
    label: "JSON.stringify of an object that is ready",
    ...nsPerRecord,
  },
  { id: "format/text", label: "text of a record", ...nsPerRecord },
  { id: "format/text-python", label: "text of a record, in a format of Python's", ...nsPerRecord },
  { id: "format/logfmt", label: "logfmt of a record", ...nsPerRecord },
  { id: "format/ecs", label: "ECS of a record", ...nsPerRecord },
  { id: "format/otlp-json", label: "an OTLP JSON line of a record", ...nsPerRecord },
  { id: "import/femtologging", label: "import and basicConfig", ...loading, must: 40, aim: 20 },
  { id: "import/pino", label: "import and set-up, pino", ...loading },
  { id: "import/winston", label: "import and set-up, winston", ...loading },
  { id: "import/sdk-logs-otlp", label: "import and set-up, sdk-logs and its OTLP exporter", ...loading },
];

/** Measures that are rows themselves, each with the name of the A/A row that shows its noise. */
const repeated: readonly { readonly id: string; readonly label: string; readonly like: LikeRow }[] = [
  { id: "disabled/femtologging", label: "level disabled", like: nsPerCall },
  { id: "memory/file", label: "memory of a file handler", like: rss },
  { id: "memory/otlp", label: "memory of an OTLP handler", like: rss },
  {
    id: "garbage/femtologging",
    label: "garbage of a call",
    like: { unit: "bytes", measure: "bytesPerCall" },
  },
  { id: "import/femtologging", label: "import and basicConfig", like: loading },
];

type LikeRow = Pick<Limit, "unit" | "measure" | "over">;

/** How far two measures of the same lie apart. */
function apart({ id, label, like }: (typeof repeated)[number]): Requirement {
  const { unit, measure, over } = like;
  const pairs = over === undefined ? [id] : [id, over];
  return {
    id: `${id}-again`,
    label: `A/A: ${label}, less itself`,
    unit,
    isBetter: "lower",
    cases: pairs.flatMap((name) => [name, `${name}-again`]),
    value: (read) => {
      const [own = 0, base = 0] = pairs.map((name) => read(`${name}-again`, measure) - read(name, measure));
      return Math.abs(own - base);
    },
  };
}

/** All rows, in the order of the table. */
export const requirements: readonly Requirement[] = [
  ...calls,
  ...handlers,
  ...throughput,
  ...threads,
  ...service,
  ...formats,
  ...limits.map(atMost),
  ...repeated.map(apart),
];
