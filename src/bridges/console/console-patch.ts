import { mayCapture } from "../guard.ts";
import { patchProperty } from "../patch.ts";
import { printedText } from "../printed-values.ts";
import { ConsoleRecords, type ConsoleParts } from "./console-records.ts";
import { frames, traceText } from "./stack-frames.ts";

type Values = readonly unknown[];
type Method = (...values: Values) => unknown;
type Methods = Record<string, Method | undefined>;

/** Methods that print their arguments themselves. */
const PRINTING = ["log", "info", "debug", "warn", "error", "dirxml"];
/** Methods that print by calling one of those, through the console: what they have to say is taken there. */
const COMPOSED = [
  "assert",
  "count",
  "table",
  "time",
  "timeLog",
  "timeEnd",
  "group",
  "groupCollapsed",
  "groupEnd",
];

/** What a method that was called by another one would have printed. */
interface InnerCall {
  readonly name: string;
  readonly values: Values;
}

/**
 * Takes the place of the methods of a console. Each calls the one that was there, as long as it is to be printed, or for what it keeps: counts,
 * timers, groups.
 */
export class ConsolePatch {
  readonly #console: Methods;
  readonly #forwards: boolean;
  readonly #records: ConsoleRecords;
  readonly #undo: (() => void)[] = [];
  #isActive = true;
  /** What is called by a composed method that runs; undefined while none does. */
  #inner: InnerCall[] | undefined;

  /** @throws {TypeError} The console is frozen. Nothing is changed then. */
  constructor(patched: object, { forwards, ...parts }: ConsoleParts & { readonly forwards: boolean }) {
    this.#console = patched as Methods;
    this.#forwards = forwards;
    this.#records = new ConsoleRecords(parts);
    try {
      this.#patchAll();
    } catch (error) {
      this.release();
      throw error;
    }
  }

  release(): void {
    this.#isActive = false;
    for (const undo of this.#undo.splice(0)) undo();
  }

  #patchAll(): void {
    for (const name of PRINTING) {
      this.#patch(name, (original) => (values) => this.#print(name, original, values));
    }
    for (const name of COMPOSED) {
      this.#patch(name, (original) => (values) => this.#compose(name, original, values));
    }
    this.#patch("dir", (original) => (values) => this.#dir(original, values));
    this.#patch("trace", (original, patched) => (values) => this.#trace(values, { original, patched }));
  }

  #patch(name: string, make: (original: Method, patched: Method) => (values: Values) => unknown): void {
    const original = this.#console[name];
    if (typeof original !== "function") return;
    const print: Method = (...values) => Reflect.apply(original, this.#console, values);
    const patched: Method = (...values) => (this.#isActive ? run(values) : print(...values));
    const run = make(print, patched);
    Object.defineProperty(patched, "name", { value: name });
    this.#undo.push(patchProperty({ target: this.#console, name, label: `console.${name}` }, patched));
  }

  #print(name: string, original: Method, values: Values): void {
    if (this.#inner !== undefined) {
      this.#inner.push({ name, values });
      if (this.#forwards) original(...values);
      return;
    }
    const isCaptured = mayCapture();
    if (isCaptured) this.#records.print(name, values);
    if (!isCaptured || this.#forwards) original(...values);
  }

  /** What the method calls last is what it says. Before that code of the application may run, which prints for itself. */
  #compose(name: string, original: Method, values: Values): unknown {
    if (this.#inner !== undefined || !mayCapture()) return original(...values);
    const inner: InnerCall[] = (this.#inner = []);
    const calledAt = performance.now();
    try {
      const result = original(...values);
      this.#records.compose({ name, values, calledAt, printed: inner.pop()?.values });
      return result;
    } finally {
      this.#inner = undefined;
      for (const other of inner) this.#records.print(other.name, other.values);
    }
  }

  #dir(original: Method, values: Values): void {
    const isCaptured = this.#inner === undefined && mayCapture();
    if (isCaptured) this.#records.dir(values);
    if (!isCaptured || this.#forwards) original(...values);
  }

  /** Printed by us, since the original would show our own call in its stack. */
  #trace(
    values: Values,
    { original, patched }: { readonly original: Method; readonly patched: Method },
  ): void {
    if (this.#inner !== undefined || !mayCapture()) {
      original(...values);
      return;
    }
    const stack = frames(patched);
    this.#records.trace(values, stack);
    if (!this.#forwards) return;
    const colors = process.stderr.hasColors?.() ?? false;
    // To the method that was there, by way of ours: it is inner, and so not captured again.
    this.#inner = [];
    try {
      this.#console["error"]?.(traceText(printedText(values, { colors }), stack));
    } finally {
      this.#inner = undefined;
    }
  }
}
