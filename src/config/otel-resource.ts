/** The resource of the declarative configuration. */
import { parseResourceAttributes, type ResourceLike } from "../record/resource.ts";
import {
  readAnything,
  readChoice,
  readFields,
  readList,
  readText,
  readWord,
  refuse,
  type Fields,
  type Place,
  type Reader,
} from "./data-reader.ts";
import { globPattern } from "../system/logger-rules.ts";
import { declaredResource, DETECTORS } from "./resource.ts";

type IsOfType = (value: unknown) => boolean;

const isText: IsOfType = (value) => typeof value === "string";
const isFlag: IsOfType = (value) => typeof value === "boolean";
const isInteger: IsOfType = (value) => Number.isSafeInteger(value);
const isNumber: IsOfType = (value) => typeof value === "number";

function listOf(isItem: IsOfType): IsOfType {
  return (value) => Array.isArray(value) && value.every(isItem);
}

const TYPES: Readonly<Record<string, IsOfType>> = {
  string: isText,
  bool: isFlag,
  int: isInteger,
  double: isNumber,
  string_array: listOf(isText),
  bool_array: listOf(isFlag),
  int_array: listOf(isInteger),
  double_array: listOf(isNumber),
};

const readPattern = readFields({ included: readList(readText), excluded: readList(readText) });

const DETECTION = {
  attributes: readPattern,
  detectors: readList(
    readChoice(Object.fromEntries(Object.entries(DETECTORS).map(([name, own]) => [name, () => own]))),
  ),
};

const RESOURCE = {
  attributes: readList(readAttribute),
  attributes_list: readText,
  schema_url: readText,
  "detection/development": readFields(DETECTION),
};

function readAttribute(value: unknown, place: Place): readonly [string, unknown] | undefined {
  const readers = { name: readText, value: readAnything, type: readWord(typesByName()) };
  const fields = readFields(readers, ["name", "value"])(value, place);
  if (fields?.name === undefined || fields.value === undefined) return undefined;
  const { type = "string" } = fields;
  if (TYPES[type]?.(fields.value) === true) return [fields.name, fields.value];
  return refuse(
    fields.value,
    { ...place, path: `${place.path}.value` },
    { expected: `must be of the type "${type}"` },
  );
}

function typesByName(): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.keys(TYPES).map((name) => [name, name]));
}

/** What a file says of the resource: the process's own environment variables do not count. */
export const readResource: Reader<ResourceLike> = (value, place) => {
  const fields = readFields(RESOURCE)(value, place);
  if (fields === undefined) return undefined;
  const { attributes, warning } = parseResourceAttributes(fields.attributes_list ?? "");
  if (warning !== undefined) {
    const path = `${place.path}.attributes_list`;
    return refuse(
      "[hidden text]",
      { ...place, path },
      { expected: "must be key=value between commas, percent-encoded" },
    );
  }
  const detection: Fields<typeof DETECTION> = fields["detection/development"] ?? {};
  return declaredResource({
    attributes: { ...attributes, ...Object.fromEntries(fields.attributes ?? []) },
    detectors: detection.detectors ?? [],
    isWanted: wanted(detection.attributes ?? {}),
    schemaUrl: fields.schema_url,
  });
};

/** Without a list of what is included everything is; what is excluded is not, wherever else it stands. */
function wanted({
  included,
  excluded = [],
}: Fields<{ included: Reader<readonly string[]>; excluded: Reader<readonly string[]> }>): (
  name: string,
) => boolean {
  const covers = (patterns: readonly string[], name: string): boolean =>
    patterns.some((pattern) => globPattern(pattern).test(name));
  return (name) => (included === undefined || covers(included, name)) && !covers(excluded, name);
}
