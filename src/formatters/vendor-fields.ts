/** Pieces of JSON that several layouts have. */
import { hostname } from "node:os";
import type { Shape } from "../../processors/shape/shape.ts";
import { jsonText } from "./json-value.ts";

/** `,"key":"text"`; nothing where there is no text. */
export function textField(key: string, text: string | undefined): string {
  return text === undefined || text === "" ? "" : `,${jsonText(key)}:${jsonText(text)}`;
}

/** `,"key":{…}`; nothing where there are no fields. */
export function objectField(
  key: string,
  fields: Readonly<Record<string, string | number | boolean>> | undefined,
): string {
  const entries = Object.entries(fields ?? {});
  if (entries.length === 0) return "";
  const members = entries.map(([name, value]) => `${jsonText(name)}:${constantJson(value)}`);
  return `,${jsonText(key)}:{${members.join(",")}}`;
}

function constantJson(value: string | number | boolean): string {
  if (typeof value === "string") return jsonText(value);
  return Number.isNaN(value) || Math.abs(Number(value)) === Infinity ? `"${value}"` : String(value);
}

/** An attribute of the resource, where that is text that is not empty. */
export function resourceText(shape: Shape, ...keys: readonly string[]): string | undefined {
  const { attributes } = shape.scope.resource;
  for (const key of keys) {
    const value = attributes[key];
    if (typeof value === "string" && value !== "") return value;
  }
  return undefined;
}

/** What a record says of its host: the option, the resource, or the machine's name. */
export function hostOf(shape: Shape, host: string | undefined): string {
  return host ?? resourceText(shape, "host.name") ?? hostname();
}
