/**
 * Options from environment variables, by the rules of OpenTelemetry: empty is unset; a value that is not right is
 * reported once and ignored; words in any case; of the switches only "true" is true.
 *
 * @see Specification, Configuration > Environment variables: "Parsing empty value", "Configuration types"
 */
import { reportOnce } from "../diagnostics.ts";
import { describeValue } from "../errors.ts";
import type { EnumDescription, Environment } from "./description.ts";
import { describeAccepted, manualReference } from "./explain.ts";
import { parseHeaderList } from "./otlp-environment.ts";
import type { PlainDescription } from "./read-value.ts";
import { adviceForWord, readValue, withoutUrlSecrets } from "./read-value.ts";

/** What a variable came to: a value, a complaint, or both. */
interface VariableReading {
  readonly value?: unknown;
  readonly complaint?: string;
}

/** Whose option it is, and where the variables are. */
export interface EnvironmentContext {
  readonly name: string;
  /** As in "Cannot start handler "audit"": `handler "audit"`. */
  readonly subject: string;
  readonly env: Environment;
}

/**
 * Looks an option up in its variables, in their order; headers of all of them are merged. What is ignored is
 * reported once a thread. Any thread.
 *
 * @returns The value in the form that code uses; `undefined` when no variable has a right one.
 */
export function readEnvironment(option: PlainDescription, context: EnvironmentContext): unknown {
  const values: unknown[] = [];
  for (const variable of option.environment ?? []) {
    const text = context.env[variable]?.trim() ?? "";
    if (text === "") continue;
    const { value, complaint } = readVariable(option, { name: context.name, variable, text });
    if (complaint !== undefined) complain(complaint, variable, context);
    if (value === undefined) continue;
    if (option.type !== "headers") return value;
    values.push(value);
  }
  return values.length === 0 ? undefined : Object.assign({}, ...values.toReversed());
}

function complain(complaint: string, variable: string, { name, subject }: EnvironmentContext): void {
  reportOnce(
    `environment ${variable}`,
    `Cannot use the environment variable ${variable} for ${subject}: ${complaint} (${manualReference(name)})`,
  );
}

interface Variable {
  readonly name: string;
  readonly variable: string;
  readonly text: string;
}

function readVariable(option: PlainDescription, { name, variable, text }: Variable): VariableReading {
  if (option.type === "headers") return readHeaderList(text);
  const ownText = option.fromEnvironment === undefined ? text : option.fromEnvironment(text, variable);
  const value = ownText === undefined ? undefined : parseText(option, ownText);
  const reading = readValue(option, { name, path: name, value });
  if (reading.ok) return { value: reading.value };
  const shownText = option.type === "url" ? withoutUrlSecrets(text) : text;
  const expected = `it is ${describeValue(shownText)}, must be ${describeAccepted(option)}`;
  // The specification: any other value is reported and means false.
  if (option.type === "boolean") return { value: false, complaint: `${expected}; taken as false` };
  const advice = option.type === "enum" ? adviceForWord(option, text.toLowerCase()) : undefined;
  return { complaint: `${expected}; ignored${advice === undefined ? "" : `; ${advice}`}` };
}

function parseText(option: PlainDescription, text: string): unknown {
  switch (option.type) {
    case "integer":
      return /^[+-]?\d+$/.test(text) ? Number(text) : undefined;
    case "number":
      return /^[+-]?\d+(?:\.\d+)?$/.test(text) ? Number(text) : undefined;
    case "boolean":
      return parseSwitch(text.toLowerCase());
    case "enum":
      return findWord(option, text.toLowerCase());
    default:
      return text;
  }
}

function parseSwitch(text: string): boolean | undefined {
  if (text === "true") return true;
  return text === "false" ? false : undefined;
}

function findWord(option: EnumDescription, text: string): string | undefined {
  const words = [...option.values, ...Object.keys(option.aliases ?? {})];
  return words.find((word) => word.toLowerCase() === text);
}

function readHeaderList(text: string): VariableReading {
  const { headers, badPlaces } = parseHeaderList(text);
  if (badPlaces.length === 0) return { value: headers };
  const places = badPlaces.join(", ");
  const complaint = `entry ${places} of the list must be name=value with percent-encoding; ${badPlaces.length === 1 ? "it is" : "they are"} ignored, the others hold`;
  return Object.keys(headers).length === 0 ? { complaint } : { value: headers, complaint };
}
