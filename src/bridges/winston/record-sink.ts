import type { LogRecord } from "@opentelemetry/api";
import { reportTrouble } from "../../diagnostics.ts";
import type { FemtoLogger } from "../../logger/logger.ts";
import type { WinstonLevels } from "../../options/winston-options.ts";
import { parseLevel, type Level } from "../../record/severity.ts";
import { flush, getLogger } from "../../system/global-functions.ts";
import type { Logging } from "../../system/logging.ts";
import { runCapture } from "../guard.ts";
import { LEVEL, NOTE, type WinstonInfo } from "./call-note.ts";
import { readInfo } from "./read-info.ts";
import { severitiesOf, severityOfWord } from "./severity.ts";

/** Whose records they become. */
export interface SinkOptions {
  readonly logger: string;
  readonly logging: unknown;
  readonly severities: Readonly<Record<string, Level>> | undefined;
}

/** Makes our records of winston's. Never throws, never waits. */
export class RecordSink {
  readonly #logger: FemtoLogger;
  readonly #logging: Logging | undefined;
  readonly #hasSetLevel: boolean;
  readonly #given: ReadonlyMap<string, number>;
  #lastLevels: WinstonLevels | undefined;
  #lastSeverities: ReadonlyMap<string, number> = new Map();
  readonly #severities = new WeakMap<WinstonLevels, ReadonlyMap<string, number>>();

  constructor({ logger, logging, severities = {} }: SinkOptions) {
    this.#logging = logging as Logging | undefined;
    this.#logger = this.#logging?.getLogger(logger) ?? getLogger(logger);
    this.#given = new Map(Object.entries(severities).map(([word, level]) => [word, parseLevel(level) ?? 0]));
    // winston's levels rule, unless somebody has said what this logger's is.
    this.#hasSetLevel = this.#logger.level === undefined;
    if (this.#hasSetLevel) this.#logger.setLevel("TRACE");
  }

  /** Takes a record, with the levels of its logger where those are known. */
  take(info: WinstonInfo, levels: WinstonLevels | undefined): void {
    try {
      const note = info[NOTE];
      if (note?.isTold === true) return;
      const emit = (): void => this.#emit(info, levels);
      const later = note?.later;
      runCapture(later === undefined ? emit : () => later.run(emit));
    } catch (error) {
      reportTrouble(
        "winston",
        `Cannot make a record of what winston was given: ${textOf(error)}; a record that says so stands for it`,
      );
      this.#logger.emit({ body: `[Unserializable: ${textOf(error)}]` });
    }
  }

  /** Resolves when all records taken before are delivered, or counted as dropped. @throws {FlushTimeoutError | AggregateError} */
  flush(options: { readonly timeoutMillis?: number } = {}): Promise<void> {
    return this.#logging?.flush(options) ?? flush(options);
  }

  /** Puts the logger back as it was. */
  release(): void {
    if (this.#hasSetLevel && this.#logger.level === 1) this.#logger.setLevel("NOTSET");
  }

  #emit(info: WinstonInfo, levels: WinstonLevels | undefined): void {
    const word = info[LEVEL] ?? info.level;
    const severityText = typeof word === "string" ? word : "";
    const { body, attributes, eventName } = readInfo(info);
    const millis = info[NOTE]?.later?.millis;
    // What is undefined counts as not given.
    const record = {
      severityNumber: this.#severityOf(severityText, levels),
      severityText,
      body,
      attributes,
      eventName,
      timestamp: millis,
      observedTimestamp: millis,
    };
    this.#logger.emit(record as LogRecord);
  }

  #severityOf(word: string, levels: WinstonLevels | undefined): number {
    if (levels === undefined) return severityOfWord(word, this.#given);
    if (levels !== this.#lastLevels) {
      this.#lastLevels = levels;
      this.#lastSeverities = this.#severitiesOf(levels);
    }
    return this.#lastSeverities.get(word) ?? severityOfWord(word, this.#given);
  }

  #severitiesOf(levels: WinstonLevels): ReadonlyMap<string, number> {
    const known = this.#severities.get(levels) ?? severitiesOf(levels, this.#given);
    this.#severities.set(levels, known);
    return known;
  }
}

function textOf(error: unknown): string {
  return error instanceof Error ? error.message : "something was thrown that is no error";
}
