/** The rows of the HTTP server. */
import type { Requirement } from "../requirement.ts";

/** Peers in the table of the HTTP server, and how they are called there. */
const SERVERS: Readonly<Record<string, string>> = {
  femtologging: "",
  "femtologging-otlp": ", OTLP/HTTP",
  "pino-sync-4096": ", pino sync, minLength 4096",
  "pino-sync": ", pino sync",
  winston: ", winston File",
  "sdk-logs-otlp": ", sdk-logs, OTLP/HTTP",
};

/**
 * A row of the HTTP server: a measure with a logger, over that of the server without one. That was measured twice: the row counts what
 * lies beyond the higher of the two, so beyond what two measurements of the same thing differ by.
 */
function beyondSilence(row: {
  readonly question: string;
  readonly subject: string;
  readonly label: string;
  readonly measure: string;
  readonly must?: number;
  readonly aim?: number;
  readonly beyond?: string;
}): Requirement {
  const { question, subject, label, measure, ...bounds } = row;
  const id = `${question}/${subject}`;
  const silent = ["service/none", "service/none-again"];
  return {
    id: `${id}/${measure}`,
    label: `${label}${SERVERS[subject] ?? ""}`,
    unit: "x",
    isBetter: "lower",
    ...bounds,
    cases: [id, ...silent],
    value: (read) => read(id, measure) / Math.max(...silent.map((one) => read(one, measure))),
  };
}

const latency = { label: "HTTP server at half load, 20 logs a request, p99 latency", measure: "p99Millis" };
const loopDelay = {
  label: "HTTP server at half load, 20 logs a request, p99 event-loop delay",
  measure: "loopDelayP99Millis",
};
/** The row that shows the noise of p99: within it, nothing is said of a logger. */
const AGAIN = "service/none-again/p99Millis";
const bounds = { must: 1.1, aim: 1.02 };

export const service: readonly Requirement[] = [
  beyondSilence({ question: "service", subject: "femtologging", ...latency, ...bounds, beyond: AGAIN }),
  beyondSilence({ question: "service", subject: "femtologging", ...loopDelay, ...bounds }),
  ...[latency, loopDelay].flatMap((row) =>
    Object.keys(SERVERS)
      .slice(1)
      .map((subject) => beyondSilence({ question: "service", subject, ...row })),
  ),
  ...Object.keys(SERVERS).map((subject) =>
    beyondSilence({
      question: "service",
      subject,
      label: "HTTP server, 20 logs a request, CPU of the serving thread",
      measure: "mainCpuMicrosPerRequest",
    }),
  ),
  // Steadier on a busy machine, but without stalls that come less than twice a second.
  ...Object.keys(SERVERS).map((subject) =>
    beyondSilence({
      question: "service",
      subject,
      label: "HTTP server, 20 logs a request, p99 latency of the median half second",
      measure: "partP99Millis",
      ...(subject === "femtologging" ? bounds : {}),
    }),
  ),
  ...[5, 1].map((count) =>
    beyondSilence({
      ...latency,
      question: `service-${count}`,
      subject: "femtologging",
      label: `HTTP server at half load, ${count === 1 ? "1 log" : `${count} logs`} a request, p99 latency`,
    }),
  ),
  {
    id: AGAIN,
    label: "A/A: HTTP server without logs, p99 latency",
    unit: "x",
    isBetter: "lower",
    cases: ["service/none", "service/none-again"],
    value: (read) => read("service/none-again", "p99Millis") / read("service/none", "p99Millis"),
  },
];
