/** Options in words: the same ones in error texts and in CONFIG.md. */
import type { NumberDescription, OptionDescription } from "./description.ts";

const levelNames = "a level name (TRACE, DEBUG, INFO, WARN, ERROR, CRITICAL, OFF)";
const pythonNumbers = "a level number of Python's (10 DEBUG, 20 INFO, 30 WARNING, 40 ERROR, 50 CRITICAL)";

/** Where more is written about an option: its heading in CONFIG.md. */
export function manualReference(name: string): string {
  return `CONFIG.md#${name.toLowerCase()}`;
}

/** What an option accepts, as the end of "must be": `an integer from 1 to 60000 ms`. Any thread. */
export function describeAccepted(option: OptionDescription): string {
  switch (option.type) {
    case "integer":
      return `an integer ${describeRange(option)}`;
    case "number":
      return `a number ${describeRange(option)}`;
    case "string":
      return option.notEmpty ? "a string that is not empty" : "a string";
    case "boolean":
      return "true or false";
    case "enum":
      return describeWords([...option.values, ...Object.keys(option.aliases ?? {})]);
    case "path":
      return "a path or a file: URL";
    case "url":
      return `a URL that starts with ${option.protocols.map((protocol) => `${protocol}//`).join(" or ")}${option.takesHostAndPort === true ? ", or host:port" : ""}`;
    case "headers":
      return "an object of header names and string values";
    case "level":
      return `${levelNames} or ${option.numbers === "python" ? pythonNumbers : "a severity number from 1 to 24"}`;
    case "group":
      return "true, false or an object of options";
    case "custom":
      return option.expected;
  }
}

/** The bounds of a number that has left them: `at least 1 and at most 60000 ms`. */
export function describeBounds(option: NumberDescription): string {
  const { minimum, maximum } = option;
  const least = `at least ${writeNumber(option, minimum)}`;
  return (
    (maximum === undefined ? least : `${least} and at most ${writeNumber(option, maximum)}`) + unitOf(option)
  );
}

/** A number as one writes it in code: file modes in octal. */
export function writeNumber(option: NumberDescription, value: number): string {
  return option.radix === 8 ? `0o${value.toString(8)}` : String(value);
}

/** A default as one writes it in code; `undefined` when there is none. */
export function writeDefault(option: OptionDescription): string | undefined {
  if (option.default === undefined) return undefined;
  if (option.type === "integer" || option.type === "number") return writeNumber(option, option.default);
  return JSON.stringify(option.default);
}

function describeRange(option: NumberDescription): string {
  const { minimum, maximum } = option;
  if (maximum === undefined) return `of at least ${writeNumber(option, minimum)}${unitOf(option)}`;
  return `from ${writeNumber(option, minimum)} to ${writeNumber(option, maximum)}${unitOf(option)}`;
}

function unitOf(option: NumberDescription): string {
  return option.unit === undefined ? "" : ` ${option.unit}`;
}

function describeWords(words: readonly string[]): string {
  return words.length === 1
    ? JSON.stringify(words[0])
    : `one of ${words.map((word) => JSON.stringify(word)).join(", ")}`;
}
