import { inspect, type InspectOptions } from "node:util";
import type { FemtoLogger } from "../../logger/logger.ts";
import { LEVELS, type LevelNumber } from "../../record/severity.ts";
import { makeRecord } from "../make-record.ts";
import { printedErrors, printedText } from "../printed-values.ts";

type Values = readonly unknown[];
type Attributes = Readonly<Record<string, unknown>>;

/** What the records of a console are made with. */
export interface ConsoleParts {
  readonly logger: FemtoLogger;
}

/** A call of a method that calls another one to print. */
export interface ComposedCall {
  readonly name: string;
  readonly values: Values;
  /** `performance.now()` */
  readonly calledAt: number;
  /** The arguments of the other; undefined where nothing was printed. */
  readonly printed: Values | undefined;
}

interface ConsoleRecord {
  readonly name: string;
  readonly body: string;
  readonly values?: Values;
  readonly attributes?: Attributes;
}

/** The severity of each method. */
const SEVERITIES: Readonly<Record<string, LevelNumber>> = {
  trace: LEVELS.TRACE,
  debug: LEVELS.DEBUG,
  warn: LEVELS.WARN,
  error: LEVELS.ERROR,
  assert: LEVELS.ERROR,
};
const DEFAULT_LABEL = "default";
/** Groups within each other that are named. */
const GROUPS_MAX = 64;
/** Timers that run at a time and have their durations on records. */
const TIMERS_MAX = 1024;
const NO_VALUES: Values = [];

/** Makes records of calls of a console. Nothing here throws. */
export class ConsoleRecords {
  readonly #logger: FemtoLogger;
  /** Labels of the open groups, outermost first. */
  #groups: readonly string[] = [];
  /** Open groups that are not in `#groups`. */
  #unnamedGroupCount = 0;
  /** `performance.now()` at which timers were started, by their labels. */
  readonly #timers = new Map<string, number>();

  constructor({ logger }: ConsoleParts) {
    this.#logger = logger;
  }

  /** A method that prints its arguments. */
  print(name: string, values: Values): void {
    if (this.#isWanted(name))
      makeRecord("the console", () => this.#emit({ name, body: printedText(values), values }));
  }

  dir([value, options]: Values): void {
    const given = (typeof options === "object" ? options : undefined) as InspectOptions | undefined;
    const printed = (): string => {
      try {
        return inspect(value, { customInspect: false, ...given, colors: false });
      } catch {
        return printedText([value]);
      }
    };
    if (this.#isWanted("dir")) makeRecord("the console", () => this.#emit({ name: "dir", body: printed() }));
  }

  trace(values: Values, stack: string): void {
    if (!this.#isWanted("trace")) return;
    const attributes = { "code.stacktrace": stack };
    makeRecord("the console", () =>
      this.#emit({
        name: "trace",
        body: values.length === 0 ? "Trace" : printedText(values),
        values,
        attributes,
      }),
    );
  }

  /** A method that calls another one to print. */
  compose(call: ComposedCall): void {
    const { name, values, printed } = call;
    const body = printed === undefined ? undefined : printedText(printed);
    const attributes = this.#stateOf(call, body);
    if (body !== undefined && this.#isWanted(name)) {
      makeRecord("the console", () => this.#emit({ name, body, values, attributes }));
    }
    this.#keepGroups(name, body ?? "");
  }

  /** What the method says beside its text; starts and stops the timers. */
  #stateOf({ name, values, calledAt }: ComposedCall, body: string | undefined): Attributes {
    switch (name) {
      case "count":
        return countOf(labelOf(values), body);
      case "table":
        return isTable(values[0]) ? { "console.table": values[0] } : {};
      case "time":
        this.#startTimer(labelOf(values), calledAt);
        return {};
      case "timeLog":
      case "timeEnd":
        return this.#timerOf(labelOf(values), { calledAt, ends: name === "timeEnd" });
      default:
        return {};
    }
  }

  #startTimer(label: string, calledAt: number): void {
    const isNew = !this.#timers.has(label) && this.#timers.size < TIMERS_MAX;
    if (isNew) this.#timers.set(label, calledAt);
  }

  #timerOf(
    label: string,
    { calledAt, ends }: { readonly calledAt: number; readonly ends: boolean },
  ): Attributes {
    const startedAt = this.#timers.get(label);
    if (ends) this.#timers.delete(label);
    if (startedAt === undefined) return { "console.label": label };
    return { "console.label": label, "console.duration_ms": calledAt - startedAt };
  }

  #keepGroups(name: string, label: string): void {
    if (name === "groupEnd") {
      if (this.#unnamedGroupCount > 0) this.#unnamedGroupCount--;
      else this.#groups = this.#groups.slice(0, -1);
    } else if (name === "group" || name === "groupCollapsed") {
      if (this.#groups.length >= GROUPS_MAX) this.#unnamedGroupCount++;
      else this.#groups = [...this.#groups, label];
    }
  }

  #isWanted(name: string): boolean {
    return this.#logger.isEnabledFor(SEVERITIES[name] ?? LEVELS.INFO);
  }

  #emit({ name, body, values = NO_VALUES, attributes = {} }: ConsoleRecord): void {
    const errors = printedErrors(values);
    const groups = this.#groups.length === 0 ? undefined : { "console.group": this.#groups };
    this.#logger.emit({
      severityNumber: SEVERITIES[name] ?? LEVELS.INFO,
      severityText: name,
      body,
      attributes:
        groups === undefined && errors.attributes === undefined
          ? attributes
          : { ...groups, ...attributes, ...errors.attributes },
      ...(errors.exception === undefined ? {} : { exception: errors.exception }),
    });
  }
}

/** As Node reads it. */
function labelOf([label = DEFAULT_LABEL]: Values): string {
  try {
    return String(label);
  } catch {
    return DEFAULT_LABEL;
  }
}

function countOf(label: string, body: string | undefined): Attributes {
  const count = Number(body?.slice(label.length + 2));
  return { "console.label": label, ...(Number.isInteger(count) ? { "console.count": count } : {}) };
}

function isTable(value: unknown): boolean {
  return typeof value === "object" && value !== null;
}
