import * as fc from "fast-check";
import { expect, test } from "vitest";

import { createLogging } from "../../src/index.ts";
import { keeper, untyped } from "./collect.ts";

type Tree = null | boolean | number | string | Tree[] | { [key: string]: Tree };

const MARK = "[Redacted]";
const keys = fc.constantFrom("a", "b", "c", "A.b", "secret");
const steps = fc.constantFrom("a", "b", "c", "secret", "*", "**", "0");
const paths = fc.array(
  fc.array(steps, { minLength: 1, maxLength: 4 }).map((names) => names.join(".")),
  { minLength: 1, maxLength: 4 },
);
const { tree } = fc.letrec<{ tree: Tree }>((tie) => ({
  tree: fc.oneof(
    { maxDepth: 4 },
    fc.constantFrom<Tree>(null, true, 1, -1.5, "text", "tëxt"),
    fc.array(tie("tree"), { maxLength: 3 }),
    fc.dictionary(keys, tie("tree"), { maxKeys: 3, noNullPrototype: true }),
  ),
}));

/** Each path as a regular expression over all names with a slash behind each: another way to the same answer. */
function patternOf(path: string): RegExp {
  const parts = path.split(".").map((name) => {
    if (name === "**") return "(?:[^/]*/)*";
    return name === "*" ? "[^/]*/" : `${name}/`;
  });
  return new RegExp(`^${parts.join("")}`, "i");
}

function expectedOf(value: Tree, prefix: string, patterns: readonly RegExp[]): Tree {
  if (Array.isArray(value)) return value.map((item, index) => below(item, prefix, String(index), patterns));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, below(item, prefix, key, patterns)]),
  );
}

function below(value: Tree, prefix: string, key: string, patterns: readonly RegExp[]): Tree {
  const name = `${prefix}${key.split(".").join("/")}/`;
  return patterns.some((pattern) => pattern.test(name)) ? MARK : expectedOf(value, name, patterns);
}

test("attributes, bound attributes and bodies are redacted as a simple function over objects does it", async () => {
  const { handler, take } = keeper();
  await fc.assert(
    fc.asyncProperty(
      paths,
      fc.dictionary(keys, tree, { noNullPrototype: true }),
      async (given, attributes) => {
        const patterns = given.map(patternOf);
        const expected = expectedOf(attributes, "", patterns);
        const log = untyped(createLogging({ handlers: [handler], redact: given }).getLogger("shop"));
        log.info("text", attributes);
        log.info("text", attributes);
        log.with(attributes).info("bound");
        log.emit({ body: attributes, attributes });
        const records = await take();
        expect(records.map((record) => record.attributes)).toEqual([expected, expected, expected, expected]);
        expect(records[3]?.body).toEqual(expected);
      },
    ),
    { numRuns: 200 },
  );
});
