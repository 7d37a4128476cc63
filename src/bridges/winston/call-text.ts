import { format } from "node:util";
import { isErrorLike } from "../../record/exception.ts";
import type { CallNote, WinstonInfo } from "./call-note.ts";

/** As winston's own `splat()` has it. */
const HOLES = /%[scdjifoO%]/g;
const SGR_BEFORE = /^(?:\u001B\[[\d;]*m)+/;
const SGR_AFTER = /(?:\u001B\[[\d;]*m)+$/;
const ESCAPE_CODE = 0x1b;

/** What winston leaves out of a call, put back. */
export interface CompletedCall {
  readonly text: string;
  /** Attributes that winston did not take over. */
  readonly extras: Readonly<Record<string, unknown>>;
  /** Keys that are no attributes: `Object.assign` of a text makes one of each of its characters. */
  readonly spread: ReadonlySet<string>;
}

/**
 * Puts back what winston and its `splat()` lose of a call: values of holes that no format has filled, values behind the last
 * hole, objects behind the first, the characters that a text was taken apart into.
 *
 * Objects come back only where no format has dealt with the values: one that has may have taken something out on purpose.
 */
export function completeCall(text: string, info: WinstonInfo, note: CallNote): CompletedCall {
  const { values = [], given = values, message } = note;
  const holeCount = typeof message === "string" ? countHoles(message) : 0;
  const isDealtWith = given.length !== values.length || info.message !== message;
  const rest = values.slice(holeCount);
  const filled =
    !isDealtWith && holeCount > 0 && values.length > 0 ? format(text, ...values.slice(0, holeCount)) : text;
  // The first object is among the attributes, unless winston took it for the value of a hole.
  const objects = rest.slice(holeCount === 0 ? 1 : 0).filter((value) => isObject(value));
  return {
    text: rest.filter((value) => !isObject(value)).reduce<string>(withValue, filled),
    extras: isDealtWith ? {} : merged(objects.filter((value) => value !== note.error)),
    spread: spreadKeys(
      info,
      rest.filter((value) => typeof value === "string"),
    ),
  };
}

/** Takes off what `colorize()` has put round a text. */
export function withoutColors(text: string): string {
  if (text.charCodeAt(0) !== ESCAPE_CODE) return text;
  return text.replace(SGR_BEFORE, "").replace(SGR_AFTER, "");
}

function countHoles(text: string): number {
  if (!text.includes("%")) return 0;
  return text.match(HOLES)?.filter((hole) => hole !== "%%").length ?? 0;
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}

/** A format of the application may have put the value into the text. */
function withValue(text: string, value: unknown): string {
  if (value === undefined) return text;
  const piece = format(value);
  return text.includes(piece) ? text : `${text} ${piece}`;
}

function merged(objects: readonly object[]): Record<string, unknown> {
  const extras: Record<string, unknown> = {};
  for (const object of objects) {
    if (isErrorLike(object)) extras[freeKey(extras, "error")] = object;
    else Object.assign(extras, object);
  }
  return extras;
}

function freeKey(attributes: Readonly<Record<string, unknown>>, name: string): string {
  let key = name;
  for (let number = 2; Object.hasOwn(attributes, key); number++) key = `${name}.${number}`;
  return key;
}

function spreadKeys(info: WinstonInfo, texts: readonly string[]): ReadonlySet<string> {
  const characters: Record<string, string> = Object.assign({}, ...texts);
  const keys = Object.keys(characters);
  const isSpread = keys.length > 0 && keys.every((key) => info[key] === characters[key]);
  return new Set(isSpread ? keys : []);
}
