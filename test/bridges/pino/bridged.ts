/** pino loggers that write to a destination of ours, and what has come of it. */
import { pino, type DestinationStream, type Logger, type LoggerOptions, type MultiStreamRes } from "pino";

import { pinoDestination, type PinoDestination } from "../../../src/bridges/pino/index.ts";
import type { FemtoLogRecord } from "../../../src/index.ts";
import { collect, type Collected } from "../../logger/collect.ts";

/** A pino logger that writes to an isolated system. */
export interface Bridged extends Collected {
  readonly destination: PinoDestination;
  readonly pinoLog: Logger<string>;
  /** What pino itself has written, line by line. */
  readonly lines: readonly string[];
}

/** A destination that keeps what it is given. */
export function keepLines(): { readonly lines: string[]; readonly stream: DestinationStream } {
  const lines: string[] = [];
  return { lines, stream: { write: (line) => void lines.push(line) } };
}

/** A pino logger, at level trace unless told otherwise, that writes to us and to an array. */
export function bridge(options: LoggerOptions<string> = {}): Bridged {
  const collected = collect();
  const destination = pinoDestination({ logging: collected.logging });
  const { lines, stream } = keepLines();
  const both: MultiStreamRes = pino.multistream([
    { level: 0 as never, stream: destination },
    { level: 0 as never, stream },
  ]);
  return { ...collected, destination, lines, pinoLog: pino({ level: "trace", ...options }, both) };
}

/** What of a record a test compares. */
export function essence({ body, attributes, severityNumber, severityText }: FemtoLogRecord): object {
  return { body, attributes, severityNumber, severityText };
}
