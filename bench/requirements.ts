/** What is required of the numbers, and how each follows from the measures of one run. */
import { against, timesLess } from "./comparisons.ts";
import type { ReadMeasure, Requirement } from "./requirement.ts";
import { throughput } from "./throughput-requirements.ts";
import { service } from "./service/requirements.ts";
import { threads } from "./threads/requirements.ts";

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

/** What a call takes longer for something that most do not use. */
function ofTheCall(subject: string, label: string): Requirement {
  const own = `call/${subject}`;
  const [file] = FILE_CALLS;
  return {
    id: `${own}/nsPerCall`,
    label,
    unit: "x",
    isBetter: "lower",
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
  timesLess({
    id: "call/pino-bridge-redact/nsPerCall",
    label: "the same with a redaction of ours that names none of its attributes, against pino sync",
    peer: "call/pino-sync",
    own: "call/pino-bridge-redact",
    measure: "nsPerCall",
  }),
  ofTheCall("femtologging-redact", "call with a redaction that names none of its attributes, of one without"),
  ofTheCall("femtologging-redacted", "call with a bound attribute that is redacted, of one without either"),
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
