import { reportOnce } from "../../diagnostics.ts";
import type { PinoTime } from "../../record/pino-line.ts";

/** The levels of a pino logger, in both directions. */
export interface PinoLevels {
  readonly labels?: Readonly<Record<string, string>>;
  readonly values?: Readonly<Record<string, number>>;
}

/** What a pino logger tells of itself: in public its levels and version. */
export interface PinoLogger {
  readonly levels: PinoLevels;
  readonly version?: unknown;
}

/** What pino tells a destination when a logger is made with it. */
export interface PinoConfig {
  readonly levels?: PinoLevels;
  readonly messageKey?: string;
  readonly errorKey?: string;
}

/** What is known of a logger, or of lines whose logger is not at hand. */
export interface PinoSettings {
  readonly levels: PinoLevels | undefined;
  readonly messageKey: string;
  readonly errorKey: string;
  readonly nestedKey: string | undefined;
  readonly time: PinoTime;
  /** How the lines of a level begin, by the level's number. */
  readonly heads: Readonly<Record<string, string>>;
}

type Fields = Readonly<Record<symbol, unknown>>;

/** Names of pino's own functions for the time. */
const TIMES: Readonly<Record<string, PinoTime>> = {
  epochTime: "millis",
  unixTime: "seconds",
  isoTime: "iso",
  isoTimeNano: "iso",
  nullTime: "none",
};
const NO_HEADS: Readonly<Record<string, string>> = {};

/** The settings of lines of which only this is known, or nothing. */
export function settingsOfConfig(config: PinoConfig = {}): PinoSettings {
  const { levels, messageKey = "msg", errorKey = "err" } = config;
  return { levels, messageKey, errorKey, nestedKey: undefined, time: "other", heads: NO_HEADS };
}

/**
 * Reads the settings of a logger. They are behind symbols of pino's own, the same from version 6 to 10; where one is missing it is said, once, and
 * lines are read by what they say themselves.
 */
export function readPinoSettings(logger: PinoLogger, config?: PinoConfig): PinoSettings {
  const symbols = symbolsOf(logger);
  const find = (name: string): unknown => {
    const symbol = symbols.get(`pino.${name}`);
    return symbol === undefined ? undefined : (logger as unknown as Fields)[symbol];
  };
  const [messageKey, errorKey, heads, time] = ["messageKey", "errorKey", "lsCache", "time"].map(find);
  const isKnown =
    typeof messageKey === "string" &&
    typeof errorKey === "string" &&
    typeof heads === "object" &&
    typeof time === "function";
  if (!isKnown) {
    reportUnknown(logger.version);
    return { ...settingsOfConfig(config), levels: logger.levels };
  }
  const nestedKey = find("nestedKey");
  return {
    levels: logger.levels,
    messageKey,
    errorKey,
    nestedKey: typeof nestedKey === "string" ? nestedKey : undefined,
    time: TIMES[time.name] ?? (find("timeSliceIndex") === 0 ? "none" : "other"),
    heads: heads as Readonly<Record<string, string>>,
  };
}

/** By the object of a logger's levels, as everything that loggers of one make share. */
const streamSymbols = new WeakMap<object, symbol | undefined>();

/** The destination of a logger; undefined where this version of pino keeps it elsewhere. */
export function streamOf(logger: PinoLogger): unknown {
  const { levels } = logger;
  let symbol = streamSymbols.get(levels);
  if (symbol === undefined) {
    symbol = symbolsOf(logger).get("pino.stream");
    streamSymbols.set(levels, symbol);
  }
  return symbol === undefined ? undefined : (logger as unknown as Fields)[symbol];
}

const HOOKS = Symbol.for("pino.hooks");

/** A finished line as the logger's destination gets it: `hooks.streamWrite` may change it. @throws What that hook throws. */
export function writtenLine(logger: PinoLogger, line: string): string {
  const hooks = (logger as unknown as Fields)[HOOKS] as
    | { readonly streamWrite?: (line: string) => string }
    | undefined;
  return typeof hooks?.streamWrite === "function" ? hooks.streamWrite(line) : line;
}

const symbolsByPrototype = new WeakMap<object, ReadonlyMap<string, symbol>>();

/** Symbols of a logger and of what it inherits from, by their names. Loggers of one copy of pino have the same. */
function symbolsOf(logger: object): ReadonlyMap<string, symbol> {
  const chain: object[] = [];
  for (let next: unknown = logger; next instanceof Object; next = Object.getPrototypeOf(next))
    chain.push(next);
  // The last but one is what pino itself has made; above it are EventEmitter and Object.
  const root = chain.find((link) => Object.hasOwn(link, "version")) ?? logger;
  const known = symbolsByPrototype.get(root);
  if (known !== undefined) return known;
  const symbols = new Map<string, symbol>();
  for (const link of chain) {
    for (const symbol of Object.getOwnPropertySymbols(link)) symbols.set(symbol.description ?? "", symbol);
  }
  symbolsByPrototype.set(root, symbols);
  return symbols;
}

function reportUnknown(version: unknown): void {
  const name = typeof version === "string" ? version : "without a version";
  reportOnce(
    `pino ${name}`,
    `Cannot read the settings of a logger of pino ${name}: this version is not known here, 9 and 10 are; its lines are read by "msg", "err" and the "level" and "time" that they begin with, and other keys become attributes`,
  );
}
