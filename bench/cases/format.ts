/**
 * How long does a formatter take for a record, as it lies in the queue, until its bytes stand in the batch? Against `JSON.stringify` of an
 * object that is the same record, ready made, and the copy of its text into the same buffer. Does not show what it takes to read the
 * queue and to write the batch, nor what it would take to make that object.
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
  | "text"
  | "text-python"
  | "logfmt"
  | "ecs"
  | "otlp-json";

const FORMATTERS: Readonly<Record<FormatSubject, () => FemtoFormatter>> = {
  json: () => new FemtoJsonFormatter(),
  "json-again": () => new FemtoJsonFormatter(),
  "json-stringify": () => new Stringifier(),
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

/** `JSON.stringify` of the object that the line of our JSON formatter stands for. */
class Stringifier implements FemtoFormatter {
  readonly #json = new FemtoJsonFormatter();
  #record: unknown;

  /** Makes the object of the record that comes next: outside of the clock. */
  prepare(record: Cursor, out: Output): void {
    const at = out.at;
    this.#json.format(record, out);
    this.#record = JSON.parse(out.bytes.toString("utf8", at, out.at));
    out.at = at;
  }

  format(_record: Cursor, out: Output): void {
    out.text(JSON.stringify(this.#record));
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
      /\d{4}-\d\d-\d\d[T ][\d:.,]+|"\d{19}"|"process.pid":\d+|"resource":.*"scopeLogs"/g,
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
