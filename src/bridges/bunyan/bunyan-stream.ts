import { hostname as hostName } from "node:os";
import { BUNYAN_OPTIONS, type BunyanLevel } from "../../options/bridge-options.ts";
import type { OptionsOf } from "../../options/infer.ts";
import { resolveOptions } from "../../options/validate.ts";
import { reportTrouble } from "../../diagnostics.ts";
import { severityName } from "../../record/severity.ts";
import { BridgeLoggers, flushBridgeThen, type BridgeDestination } from "../bridge-loggers.ts";
import { makeRecord } from "../make-record.ts";
import { severityOfNumber } from "../numbered-levels.ts";
import { exceptionOf, placeOf, type BunyanRecord } from "./bunyan-record.ts";

/** Options of `createBunyanStream`; CONFIG.md describes each. */
export type BunyanStreamOptions = OptionsOf<typeof BUNYAN_OPTIONS>;

/** What bunyan writes to. */
export interface BunyanSink {
  /** Never throws, never waits. */
  write(record: object): void;
  /** Calls back when all that was logged before is delivered, or with why it was not. The handlers go on working. */
  end(callback?: (error?: Error) => void): void;
}

/** An entry for `streams` of `bunyan.createLogger`, or for `addStream`. */
export interface BunyanStream {
  readonly type: "raw";
  readonly level: BunyanLevel;
  readonly stream: BunyanSink;
}

const LEVELS_OF_BUNYAN: readonly number[] = [10, 20, 30, 40, 50, 60];
const HOST_NAME: string = hostName();
const WORDS: readonly string[] = ["trace", "debug", "info", "warn", "error", "fatal"];
/** Fields of a record that are no attributes, or have names of their own among ours. */
const OWN_FIELDS: ReadonlySet<string> = new Set([
  "v",
  "name",
  "hostname",
  "pid",
  "level",
  "msg",
  "time",
  "err",
  "src",
]);

/**
 * Makes a stream for bunyan. The name of a bunyan logger is that of ours, `err` is `exception.*`, `src` is `code.*`, all other fields are
 * attributes; time and level are bunyan's, with levels between its own between ours (35 is INFO3). `hostname` and `pid` are left to the resource. Thread: that of
 * bunyan.
 *
 * @throws {ConfigError} An option is wrong. Names all faults.
 */
export function createBunyanStream(options: BunyanStreamOptions = {}): BunyanStream {
  const { level, ...destination } = resolveOptions(BUNYAN_OPTIONS, options, {
    action: "create",
    subject: "bunyan stream",
  });
  return { type: "raw", level, stream: new RecordSink(destination) };
}

class RecordSink implements BunyanSink {
  readonly #destination: BridgeDestination;
  readonly #loggers: BridgeLoggers;

  constructor(destination: BridgeDestination) {
    this.#destination = destination;
    this.#loggers = new BridgeLoggers(destination);
  }

  write(record: object): void {
    makeRecord("bunyan", () => this.#write(record));
  }

  end(callback?: (error?: Error) => void): void {
    flushBridgeThen(this.#destination, callback);
  }

  #write(record: object): void {
    if (typeof record !== "object") {
      reportTrouble(
        "bunyan",
        'Cannot read what bunyan writes: it is a text; give the stream with its type, "raw"',
      );
      return;
    }
    const { name, level, msg, time, err, src, pid, hostname } = record as BunyanRecord;
    const { logger, isRenamed } = this.#loggers.of(typeof name === "string" ? name : "");
    const severity = severityOfNumber(level, LEVELS_OF_BUNYAN);
    if (!logger.isEnabledFor(severity)) return;
    const rest = Object.entries(record).filter(([key]) => !OWN_FIELDS.has(key));
    const exception = exceptionOf(err);
    logger.emit({
      severityNumber: severity,
      severityText: WORDS[LEVELS_OF_BUNYAN.indexOf(level)] ?? severityName(severity),
      body: msg,
      timestamp: timeOf(time),
      attributes: {
        ...Object.fromEntries(rest),
        ...(isRenamed ? { "bunyan.name": name } : {}),
        ...(pid === undefined || pid === process.pid ? {} : { "process.pid": pid }),
        ...(hostname === undefined || hostname === HOST_NAME ? {} : { "host.name": hostname }),
        ...placeOf(src),
        ...exception.attributes,
      },
      ...(exception.thrown === undefined ? {} : { exception: exception.thrown }),
    });
  }
}

/** The time of a record: a serializer of the application may have made a text of it. */
function timeOf(time: unknown): Date {
  const date = time instanceof Date ? time : new Date(time as string | number);
  return Number.isNaN(date.getTime()) ? new Date() : date;
}
