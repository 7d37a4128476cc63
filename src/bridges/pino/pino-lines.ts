import { hostname } from "node:os";
import { reportTrouble } from "../../diagnostics.ts";
import { LineWriter, type LineKind } from "../../logger/line-writer.ts";
import type { LogSystem } from "../../logger/log-system.ts";
import { levelOfPinoLine } from "../../record/pino-line.ts";
import { labelOf, severityOf } from "./pino-level.ts";
import {
  readPinoSettings,
  settingsOfConfig,
  type PinoConfig,
  type PinoLogger,
  type PinoSettings,
} from "./pino-settings.ts";

/** Levels that an application can make up are not remembered without end. */
const KINDS_MAX = 256;

const NO_LOGGER = {};

/** The kinds of lines that loggers with the same settings write, by level. */
interface LoggerKinds {
  readonly settings: PinoSettings;
  readonly kinds: Map<number, LineKind>;
}

/** Lines of pino on their way to a logger of ours. One thread's own. */
export class PinoLines {
  readonly #writer: LineWriter;
  /** What pino writes of this process in each line, where our resource tells it already. */
  readonly #base: string;
  #config: PinoConfig | undefined;
  /** By the object of a logger's levels: pino makes one for each logger, which its children share. */
  readonly #loggers = new WeakMap<object, LoggerKinds>();
  #lastLevels: object | undefined;
  #last: LoggerKinds | undefined;
  #unknown: LoggerKinds;

  constructor(system: LogSystem, name: string) {
    this.#writer = new LineWriter(system, name);
    this.#base = baseOf(system);
    this.#unknown = { settings: settingsOfConfig(), kinds: new Map() };
  }

  /** What pino has said of a logger that writes here. It counts for lines that come without their logger. */
  configure(config: PinoConfig): void {
    this.#config = config;
    this.#unknown = { settings: settingsOfConfig(config), kinds: new Map() };
  }

  /**
   * Takes a finished line. Never throws.
   * @param level Its level, where that is known; it must be, for a line that says another one itself.
   * @param logger Who has written it, where that is known.
   */
  write(line: string, level: unknown, logger: unknown): void {
    try {
      const known = this.#kindsOf(logger);
      const number =
        typeof level === "number" ? level : numberOf(level ?? levelOfPinoLine(line), known.settings);
      const kind = known.kinds.get(number) ?? this.#makeKind(known, number);
      if (!this.#writer.takes(kind.severityNumber)) return;
      this.#writer.write(typeof line === "string" ? line : String(line), kind);
    } catch (error) {
      reportTrouble("record", `A line of pino could not be taken: ${String(error)}`);
    }
  }

  #kindsOf(logger: unknown): LoggerKinds {
    const { levels } = (logger ?? NO_LOGGER) as Partial<PinoLogger>;
    if (levels === this.#lastLevels && this.#last !== undefined) return this.#last;
    if (typeof levels !== "object" || levels === null) return this.#unknown;
    let kinds = this.#loggers.get(levels);
    if (kinds === undefined) {
      kinds = { settings: readPinoSettings(logger as PinoLogger, this.#config), kinds: new Map() };
      this.#loggers.set(levels, kinds);
    }
    this.#lastLevels = levels;
    this.#last = kinds;
    return kinds;
  }

  #makeKind({ settings, kinds }: LoggerKinds, level: number): LineKind {
    const { heads, levels, messageKey, errorKey, nestedKey, time } = settings;
    const label = levels?.labels?.[level] ?? DEFAULT_LABELS[level] ?? labelOf(level);
    const head = heads[level];
    const kind = this.#writer.kindOf(
      { severityNumber: severityOf(level, label), severityText: label },
      { head: head ?? "", base: this.#base, time, messageKey, errorKey, nestedKey: nestedKey || undefined },
    );
    if (kinds.size < KINDS_MAX) kinds.set(level, kind);
    return kind;
  }
}

const DEFAULT_LABELS: Readonly<Record<number, string>> = {
  10: "trace",
  20: "debug",
  30: "info",
  40: "warn",
  50: "error",
  60: "fatal",
};

/** The number of a level that a line tells by a label, or not at all. */
function numberOf(level: unknown, { levels }: PinoSettings): number {
  if (typeof level === "number") return level;
  const label = String(level);
  const lower = label.toLowerCase();
  const known = levels?.values?.[label] ?? levels?.values?.[lower];
  const standard = Object.entries(DEFAULT_LABELS).find(([, word]) => word === lower)?.[0];
  return Number(known ?? standard ?? INFO_LEVEL);
}

const INFO_LEVEL = 30;

/** `base` as pino writes it by default, if the resource says as much. */
function baseOf({ resource }: LogSystem): string {
  // One that is not complete yet complains when it is read.
  if (resource.asyncAttributesPending === true) return "";
  const { "process.pid": pid, "host.name": host } = resource.attributes;
  const isTold = pid === process.pid && host === hostname();
  return isTold ? `,"pid":${pid},"hostname":${JSON.stringify(host)}` : "";
}
