/** From a value that somebody gave to the value that the code uses, or to the faults it has. Pure but for `process.cwd()`. */
import { resolve } from "node:path";
import { fileURLToPath } from "node:url";

import type { ConfigProblem } from "../errors.ts";
import { LEVELS, parseThreshold } from "../record/severity.ts";
import type {
  CustomDescription,
  EnumDescription,
  HeadersDescription,
  LevelDescription,
  NumberDescription,
  OptionDescription,
  StringDescription,
  UrlDescription,
} from "./description.ts";
import { describeAccepted, describeBounds, manualReference, writeDefault } from "./explain.ts";
import { nearestName } from "./nearest-name.ts";
import { isHeaderName, isHeaderValue } from "./otlp-environment.ts";
import { pythonThreshold } from "./python-level.ts";

/** The value in the form that code uses, or what is wrong with it. */
export type Reading =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly problems: readonly ConfigProblem[] };

/** A value and the option it is meant for. */
export interface Given {
  /** The option's own name. */
  readonly name: string;
  /** The same with what it is part of in front: `otlp.url`. */
  readonly path: string;
  readonly value: unknown;
}

/** Every type but `group`, which needs a table and is read by `validate.ts`. */
export type PlainDescription = Exclude<OptionDescription, { readonly type: "group" }>;

/**
 * Reads one value. Any thread.
 *
 * @returns Numbers, words and objects as they are; aliases, levels, paths and URLs in their one form.
 */
export function readValue(option: PlainDescription, given: Given): Reading {
  switch (option.type) {
    case "integer":
    case "number":
      return readNumber(option, given);
    case "string":
      return readString(option, given);
    case "boolean":
      return accept(option, given, typeof given.value === "boolean" ? given.value : undefined);
    case "enum":
      return readWord(option, given);
    case "path":
      return accept(option, given, pathOf(given.value));
    case "url":
      return readUrl(option, given);
    case "headers":
      return readHeaders(option, given);
    case "level":
      return readLevel(option, given);
    case "custom":
      return readCustom(option, given);
  }
}

/** What to do, with the option's place in CONFIG.md. */
export function hintFor(name: string, advice?: string): string {
  return advice === undefined ? `see ${manualReference(name)}` : `${advice} (${manualReference(name)})`;
}

function readCustom(option: CustomDescription, given: Given): Reading {
  if (option.accepts(given.value)) return accept(option, given, given.value);
  const fault = option.faultIn?.(given.value);
  if (fault === undefined) return refuse(option, given);
  const { place, value, expected } = fault;
  return refuse(option, { ...given, path: `${given.path}${place}`, value }, { accepted: expected });
}

function readNumber(option: NumberDescription, given: Given): Reading {
  const { value } = given;
  const isRightKind = option.type === "integer" ? Number.isSafeInteger(value) : Number.isFinite(value);
  if (typeof value !== "number" || !isRightKind) return refuse(option, given);
  if (value >= option.minimum && value <= (option.maximum ?? Infinity)) return { ok: true, value };
  return refuse(option, given, { accepted: describeBounds(option) });
}

function readString(option: StringDescription, given: Given): Reading {
  const { value } = given;
  const isRight = typeof value === "string" && (value !== "" || option.notEmpty !== true);
  return isRight ? { ok: true, value } : refuse(option, given);
}

function readWord(option: EnumDescription, given: Given): Reading {
  const { value } = given;
  if (typeof value !== "string") return refuse(option, given);
  if (option.values.includes(value)) return { ok: true, value };
  const aliases = option.aliases ?? {};
  if (Object.hasOwn(aliases, value)) return { ok: true, value: aliases[value] };
  const advice = adviceForWord(option, value);
  if (advice !== undefined) return refuse(option, given, { advice });
  const meant = nearestName(value, [...option.values, ...Object.keys(aliases)]);
  return refuse(option, given, meant === undefined ? {} : { advice: `did you mean "${meant}"?` });
}

/** What to do with a word that this option does not take; `undefined` when nobody knows. */
export function adviceForWord(
  { adviceFor: advices = {} }: EnumDescription,
  word: string,
): string | undefined {
  return Object.hasOwn(advices, word) ? advices[word] : undefined;
}

function readLevel(option: LevelDescription, given: Given): Reading {
  const { value } = given;
  const isPython = option.numbers === "python" && typeof value === "number";
  const threshold = isPython ? pythonThreshold(value) : parseThreshold(value);
  if (threshold !== undefined) return { ok: true, value: threshold };
  const meant = typeof value === "string" ? nearestName(value, Object.keys(LEVELS)) : undefined;
  return refuse(option, given, meant === undefined ? {} : { advice: `did you mean "${meant}"?` });
}

/** Absolute, so that a later `process.chdir()` changes nothing. */
function pathOf(value: unknown): string | undefined {
  if (value instanceof URL || (typeof value === "string" && value.startsWith("file:"))) {
    return pathOfUrl(value);
  }
  const isPath = typeof value === "string" && value !== "" && !value.includes("\0");
  return isPath ? resolve(value) : undefined;
}

function pathOfUrl(url: string | URL): string | undefined {
  try {
    return fileURLToPath(url);
  } catch {
    return undefined;
  }
}

function readUrl(option: UrlDescription, given: Given): Reading {
  const { value } = given;
  const url = value instanceof URL ? value : typeof value === "string" ? URL.parse(value) : null;
  if (url !== null && option.protocols.includes(url.protocol)) return { ok: true, value: url.href };
  if (option.takesHostAndPort === true && isHostAndPort(value)) return { ok: true, value };
  return refuse(option, { ...given, value: withoutUrlSecrets(value) });
}

/** `host`, `host:port`, `[::1]:port`. */
function isHostAndPort(value: unknown): boolean {
  if (typeof value !== "string" || !/^(?:[\w.-]+|\[[\da-f:.]+\])(?::\d{1,5})?$/i.test(value)) return false;
  return URL.canParse(`host://${value}`);
}

/** A URL fit to be shown: user, password and query are often keys. Other values as they are. */
export function withoutUrlSecrets(value: unknown): unknown {
  if (!(value instanceof URL) && typeof value !== "string") return value;
  return String(value)
    .replace(/\/\/[^/?#]*@/, "//[hidden]@")
    .replace(/\?[^]*/, "?[hidden]");
}

const headerNameRule = "must have a name of letters, digits and !#$%&'*+-.^_`|~";
const headerValueRule = "must be Latin-1 text without line breaks and other control characters";

function readHeaders(option: HeadersDescription, given: Given): Reading {
  if (!isRecord(given.value)) {
    // It cannot go to the handler's thread.
    const advice =
      typeof given.value === "function" ? 'try "headersModule", a module with that function' : undefined;
    return refuse(option, hidden(given), advice === undefined ? {} : { advice });
  }
  const headers: [name: string, value: string][] = [];
  const problems: ConfigProblem[] = [];
  for (const [name, value] of Object.entries(given.value)) {
    if (value === undefined) continue;
    const header = hidden({ ...given, path: `${given.path}.${name}`, value });
    if (!isHeaderName(name)) problems.push(problemOf(header, { expected: headerNameRule }));
    else if (typeof value !== "string") problems.push(problemOf(header, { expected: "must be a string" }));
    else if (!isHeaderValue(value)) problems.push(problemOf(header, { expected: headerValueRule }));
    else headers.push([name.toLowerCase(), value]);
  }
  return problems.length === 0 ? { ok: true, value: Object.fromEntries(headers) } : { ok: false, problems };
}

/** The same with a value that tells nothing: for what may be a secret. */
export function hidden(given: Given): Given {
  const isNothing = given.value === undefined || given.value === null;
  return isNothing ? given : { ...given, value: `[hidden ${typeof given.value}]` };
}

/** @returns Whether `value` can hold options or headers. */
export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function accept(option: PlainDescription, given: Given, accepted: unknown): Reading {
  return accepted === undefined ? refuse(option, given) : { ok: true, value: accepted };
}

interface RefusalWords {
  /** What would be right, when it is less than all that the option accepts. */
  readonly accepted?: string;
  readonly advice?: string;
}

function refuse(option: PlainDescription, given: Given, words: RefusalWords = {}): Reading {
  const expected = `must be ${words.accepted ?? describeAccepted(option)}`;
  const advice = words.advice ?? adviceFor(option, given.value);
  const shown = option.secret === true ? hidden(given) : given;
  return { ok: false, problems: [problemOf(shown, { expected, advice })] };
}

function problemOf(
  { name, path, value }: Given,
  words: { readonly expected: string; readonly advice?: string | undefined },
): ConfigProblem {
  return { path, value, expected: words.expected, hint: hintFor(name, words.advice) };
}

function adviceFor(option: PlainDescription, value: unknown): string | undefined {
  if (typeof value === "string" && isQuotedLiteral(option, value)) return "write it without quotes";
  const text = option.type === "headers" ? undefined : writeDefault(option);
  return text === undefined ? undefined : `try ${text}`;
}

function isQuotedLiteral(option: PlainDescription, text: string): boolean {
  if (option.type === "boolean") return text === "true" || text === "false";
  const isNumber = option.type === "integer" || option.type === "number";
  return isNumber && text.trim() !== "" && Number.isFinite(Number(text));
}
