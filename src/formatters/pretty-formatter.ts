import { makeFragment, type Fragment, type OutputBuffer } from "../../processors/shape/output.ts";
import type { RecordCursor } from "../../processors/shape/record-cursor.ts";
import type { FemtoFormatter } from "../../processors/shape/renderer.ts";
import type { Shape } from "../../processors/shape/shape.ts";
import { skipValue } from "../../processors/shape/value-reader.ts";
import { PRETTY_FORMATTER_OPTIONS } from "../options/formatter-options.ts";
import type { OptionsOf } from "../options/infer.ts";
import { resolveOptions } from "../options/validate.ts";
import { escapeText } from "./escapes.ts";
import { stackInside, writeInspectedAttribute } from "./inspect-value.ts";
import { LineMessage } from "./line-message.ts";
import { writeHex, writeMillis } from "./numbers.ts";
import { localClock, SecondText, utcClock } from "./second-text.ts";
import { TextTail } from "./text-tail.ts";
import { levelText } from "./vendor-levels.ts";
import { writeLines, writeTextWord, type LinePrefixes } from "./text-value.ts";

/** Options of `FemtoPrettyFormatter`; plain data. CONFIG.md describes each. */
export type PrettyFormatterOptions = OptionsOf<typeof PRETTY_FORMATTER_OPTIONS>;

const SHORT_TRACE_ID_BYTES = 4;
const LEVEL_CHARS = 5;
const SHORT_LEVELS: ReadonlyMap<string, string> = new Map([
  ["CRITICAL", "CRIT"],
  ["WARNING", "WARN"],
  ["UNSPECIFIED", "-"],
]);

const NEWLINE = "\n    ";
const STACK_PREFIXES: LinePrefixes = { first: makeFragment(NEWLINE), others: makeFragment(NEWLINE) };
const NESTED_STACK_PREFIXES: LinePrefixes = { first: makeFragment(""), others: makeFragment(NEWLINE) };
const NEW_STACK: Fragment = makeFragment(NEWLINE);
const KEY_END: Fragment = makeFragment(": ");
const TRACE: Fragment = makeFragment(" trace=");

const DIM = "\u001b[2m";
const RESET = "\u001b[0m";
/** By severity: every four numbers one more. */
const LEVEL_COLORS: readonly string[] = [
  "\u001b[90m",
  "\u001b[36m",
  "\u001b[32m",
  "\u001b[33m",
  "\u001b[31m",
  "\u001b[1;41m",
];

/** What one formatter has computed of one shape. */
interface PrettyParts {
  readonly owner: FemtoPrettyFormatter;
  /** From the end of the time to the first thing that differs from record to record. */
  readonly head: Fragment;
  /** Undefined where the message is a part of the head. */
  readonly message: LineMessage | undefined;
  /** From the end of the message to the first attribute. */
  readonly afterMessage: Fragment;
  readonly tail: TextTail;
}

/**
 * Lines for a person at a terminal: short local time, level, message, then the rest, dim.
 *
 *     17:28:06.123 INFO  Order 7 took 3 ms  shop.checkout customer="Jane Doe" cart={ id: 1, items: [1, 2] } trace=4bf92f35
 *
 * Attributes that the message shows are not repeated. The stacks of exceptions, those of causes with them, stand
 * below, indented. In everything else line breaks, control characters and terminal sequences are escaped (CWE-117).
 * Not made to be read by programs: the layout may change. Runs on the thread that drains the queue; never throws.
 */
export class FemtoPrettyFormatter implements FemtoFormatter {
  /** What it was made with. */
  readonly options: PrettyFormatterOptions;
  readonly #hasColors: boolean;
  readonly #second: SecondText;
  readonly #lineEnd: Fragment;

  /** @throws {ConfigError} An option is wrong. Names all faults. */
  constructor(options: PrettyFormatterOptions = {}) {
    const { colors, utc } = resolveOptions(PRETTY_FORMATTER_OPTIONS, options, {
      action: "make",
      subject: "a pretty formatter",
    });
    this.options = { ...options };
    this.#hasColors = colors;
    const clockOf = utc ? utcClock : localClock;
    this.#second = new SecondText((date) => `${this.#style(DIM)}${clockOf(date)}.`);
    this.#lineEnd = makeFragment(this.#style(RESET));
  }

  format(record: RecordCursor, out: OutputBuffer): void {
    const parts = this.#partsOf(record.shape);
    out.fragment(this.#second.fragment(record.timeSeconds));
    writeMillis(out, record.timeNanos);
    out.fragment(parts.head);
    const keysAt = parts.message === undefined ? record.valuesAt : parts.message.write(out, record);
    out.fragment(parts.afterMessage);
    const stackAt = parts.tail.findStack(record);
    parts.tail.write(out, record, keysAt, stackAt);
    if (record.spanAt >= 0) {
      out.fragment(TRACE);
      writeHex(out, record.bytes, record.spanAt, SHORT_TRACE_ID_BYTES);
    }
    out.fragment(this.#lineEnd);
    if (stackAt >= 0) writeLines(out, record, stackAt, STACK_PREFIXES);
    writeNestedStacks(out, record, keysAt);
  }

  #partsOf(shape: Shape): PrettyParts {
    const known = shape.fragments as PrettyParts | undefined;
    if (known?.owner === this) return known;
    const parts = this.#makeParts(shape);
    shape.fragments = parts;
    return parts;
  }

  #makeParts(shape: Shape): PrettyParts {
    const message = new LineMessage(shape);
    const color = LEVEL_COLORS[Math.floor((shape.severityNumber - 1) / 4)] ?? "";
    const level = `${this.#style(color)}${levelLabel(shape)}${this.#style(RESET)}`;
    const head = `${this.#style(RESET)} ${level} ${message.constant ?? ""}`;
    const logger = shape.scope.name === "" ? "" : `  ${escapeText(shape.scope.name)}`;
    const isConstant = message.constant !== undefined;
    return {
      owner: this,
      head: makeFragment(head),
      message: isConstant ? undefined : message,
      afterMessage: makeFragment(`${this.#style(DIM)}${logger}${message.event}`),
      tail: new TextTail(shape, writeInspectedAttribute),
    };
  }

  /** A terminal sequence, or nothing. */
  #style(sequence: string): string {
    return this.#hasColors ? sequence : "";
  }
}

/** Five characters wide; only words of a program's own may be longer. */
function levelLabel(shape: Shape): string {
  const text = levelText(shape);
  return escapeText(SHORT_LEVELS.get(text) ?? text).padEnd(LEVEL_CHARS);
}

/** The stacks of attributes that were errors, each after its key. */
function writeNestedStacks(out: OutputBuffer, record: RecordCursor, keysAt: number): void {
  const view = record.view;
  let at = keysAt;
  for (const key of record.shape.keys) {
    const stackAt = stackInside(record, at);
    if (stackAt >= 0) writeNestedStack(out, record, stackAt, () => out.text(escapeText(key)));
    at = skipValue(view, at);
  }
  if (!record.hasExtras) return;
  const count = view.getUint32(at, true);
  at += 4;
  for (let i = 0; i < count; i++) {
    const keyAt = at;
    const valueAt = skipValue(view, at);
    const stackAt = stackInside(record, valueAt);
    if (stackAt >= 0) writeNestedStack(out, record, stackAt, () => writeTextWord(out, record, keyAt));
    at = skipValue(view, valueAt);
  }
}

function writeNestedStack(
  out: OutputBuffer,
  record: RecordCursor,
  stackAt: number,
  writeKey: () => void,
): void {
  out.fragment(NEW_STACK);
  writeKey();
  out.fragment(KEY_END);
  writeLines(out, record, stackAt, NESTED_STACK_PREFIXES);
}
