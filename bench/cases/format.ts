/**
 * How long does a formatter take for a record, as it lies in the queue, until its bytes stand in the batch? Against what a function of a
 * record would do, with the attributes decoded already: the text of the time, an object, `JSON.stringify`, a copy of the text into the same
 * buffer; and against `JSON.stringify` of an object that is ready, time and all. Does not show what it takes to read the queue and to
 * write the batch, nor what decoding takes.
 */
import { join } from "node:path";

import {
  createLogging,
  FemtoEcsFormatter,
  FemtoFileHandler,
  type FemtoFormatter,
  FemtoJsonFormatter,
  FemtoLogfmtFormatter,
  FemtoOtlpJsonFormatter,
  FemtoTextFormatter,
} from "femtologging";

import { runCase } from "../case-program.ts";
import { femtologgingCall } from "../peers/femtologging.ts";
import { compileBurst, sitesOf } from "../sites.ts";

type Cursor = Parameters<FemtoFormatter["format"]>[0];
type Output = Parameters<FemtoFormatter["format"]>[1];

/** A formatter, or the peer. */
export type FormatSubject =
  | "json"
  | "json-again"
  | "json-stringify"
  | "json-stringify-ready"
  | "text"
  | "text-python"
  | "logfmt"
  | "ecs"
  | "otlp-json";

const FORMATTERS: Readonly<Record<FormatSubject, () => FemtoFormatter>> = {
  json: () => new FemtoJsonFormatter(),
  "json-again": () => new FemtoJsonFormatter(),
  "json-stringify": () => new Stringifier(stringify),
  "json-stringify-ready": () => new Stringifier((record) => JSON.stringify(record)),
  text: () => new FemtoTextFormatter({ utc: true }),
  "text-python": () => new FemtoTextFormatter({ format: "%(asctime)s %(levelname)-8s %(name)s %(message)s" }),
  logfmt: () => new FemtoLogfmtFormatter(),
  ecs: () => new FemtoEcsFormatter(),
  "otlp-json": () => new FemtoOtlpJsonFormatter(),
};

/** Arguments of the case. */
export interface FormatArguments {
  readonly subject: FormatSubject;
  /** Records that are logged, each from a row and a call site of its own. */
  readonly count: number;
  /** How often each is formatted in a row. */
  readonly repeats: number;
  /** Records before the clock counts. */
  readonly warmCount: number;
}

/** A line of our JSON formatter as an object. */
interface LineObject {
  readonly time: string;
  readonly level: string;
  readonly severity: number;
  readonly logger: string;
  readonly msg: string;
}

/** What a function of a record does, at best. */
function stringify({ level, severity, logger, msg }: LineObject, millis: number, attributes: object): string {
  return JSON.stringify({
    time: new Date(millis).toISOString(),
    level,
    severity,
    logger,
    msg,
    ...attributes,
  });
}

/** Writes the record by `JSON.stringify`. */
class Stringifier implements FemtoFormatter {
  readonly #stringify: (record: LineObject, millis: number, attributes: object) => string;
  readonly #json = new FemtoJsonFormatter();
  #record: LineObject = { time: "", level: "", severity: 0, logger: "", msg: "" };
  #attributes: object = {};

  constructor(write: (record: LineObject, millis: number, attributes: object) => string) {
    this.#stringify = write;
  }

  /** Makes the objects of the record that comes next: outside of the clock. */
  prepare(record: Cursor, out: Output): void {
    const at = out.at;
    this.#json.format(record, out);
    this.#record = JSON.parse(out.bytes.toString("utf8", at, out.at)) as LineObject;
    const {
      time: _time,
      level: _level,
      severity: _severity,
      logger: _logger,
      msg: _msg,
      ...rest
    } = this.#record;
    this.#attributes = rest;
    out.at = at;
  }

  format(record: Cursor, out: Output): void {
    out.text(this.#stringify(this.#record, record.millis, this.#attributes));
  }
}

/** Formats each record many times and keeps the time of that; the last text stays in the batch. */
class Probe implements FemtoFormatter {
  readonly #millis: number[] = [];
  recordCount = 0;
  checksum = 0;
  readonly #formatter: FemtoFormatter;
  readonly #args: FormatArguments;

  constructor(formatter: FemtoFormatter, args: FormatArguments) {
    this.#formatter = formatter;
    this.#args = args;
  }

  format(record: Cursor, out: Output): void {
    const formatter = this.#formatter;
    const { repeats, warmCount } = this.#args;
    if (formatter instanceof Stringifier) formatter.prepare(record, out);
    const at = out.at;
    const begin = performance.now();
    for (let i = 0; i < repeats; i++) {
      out.at = at;
      formatter.format(record, out);
    }
    const millis = performance.now() - begin;
    if (this.recordCount++ >= warmCount) this.#millis.push(millis);
    this.#check(out.bytes.toString("latin1", at, out.at));
  }

  /** Nanoseconds for a record, the median over records: others who share the machine disturb some of them. */
  get nanos(): number {
    const sorted = this.#millis.toSorted((a, b) => a - b);
    return ((sorted[sorted.length >> 1] ?? Number.NaN) * 1e6) / this.#args.repeats;
  }

  /** Of all but the time and what tells of the process. */
  #check(text: string): void {
    const timeless = text.replaceAll(
      /\d{4}-\d\d-\d\d[T ][\d:.,]+Z?|"\d{19}"|"process.pid":\d+|"resource":.*"scopeLogs"/g,
      "",
    );
    for (let i = 0; i < timeless.length; i++) {
      this.checksum = (Math.imul(this.checksum, 31) + timeless.charCodeAt(i)) | 0;
    }
  }
}

await runCase<FormatArguments>(async (args, { directory }) => {
  const { subject, count, warmCount, repeats } = args;
  const sites = sitesOf(true);
  const probe = new Probe(FORMATTERS[subject](), args);
  const handler = new FemtoFileHandler({
    path: join(directory, "out.log"),
    formatter: probe,
    thread: "inline",
  });
  const logging = createLogging({ handlers: [handler] });
  compileBurst(logging.getLogger("bench.call"), sites, femtologgingCall)(0, warmCount + count);
  await logging.shutdown();
  if (probe.recordCount !== warmCount + count) {
    throw new Error(`${warmCount + count} records were logged, ${probe.recordCount} formatted`);
  }
  return {
    measures: { nsPerRecord: probe.nanos },
    recordCount: count,
    checksum: (probe.checksum >>> 0).toString(16).padStart(8, "0"),
    settings: `${subject}, ${repeats} times for each of ${count} records from ${sites.length} call sites`,
  };
});
