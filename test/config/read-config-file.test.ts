import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";

import { readConfigFile } from "../../src/config/read-config-file.ts";
import { dataOf, linesOf, makeFolder, readText } from "./config-files.ts";

test("readConfigFile() reads YAML", () => {
  expect(dataOf("a: 1\nb: [x, 'y']\nc: {d: true, e: }\n")).toEqual({
    a: 1,
    b: ["x", "y"],
    c: { d: true, e: null },
  });
});

test("readConfigFile() reads JSON", () => {
  expect(dataOf('{\n\t"a": "\\u00e9",\n\t"b": [1.5, null]\n}')).toEqual({ a: "é", b: [1.5, null] });
});

test("readConfigFile() takes the type of a plain scalar from what is put in, that of a quoted one stays text", () => {
  const text = "a: ${N}\nb: \"${N}\"\nc: '${N}'\nd: ${T}\ne: ${NONE}\nf: ${NONE:-1.5}\ng: |\n  ${N}\n";
  expect(dataOf(text, { N: "5", T: "true" })).toEqual({
    a: 5,
    b: "5",
    c: "5",
    d: true,
    e: null,
    f: 1.5,
    g: "5\n",
  });
});

test("readConfigFile() lets no variable bring structure in", () => {
  const INJECTED = "x\nlevel: TRACE\nhandlers: [{type: file}]";
  expect(dataOf("a: ${X}\nb:\n  - ${X}\n", { X: INJECTED })).toEqual({ a: INJECTED, b: [INJECTED] });
  expect(dataOf("a: ${X}\n", { X: "{b: 1}" })).toEqual({ a: "{b: 1}" });
});

test("readConfigFile() leaves keys as they are", () => {
  expect(dataOf('"${X}": 1\n', { X: "y" })).toEqual({ "${X}": 1 });
});

test("readConfigFile() tells where the syntax is wrong, once", () => {
  expect(linesOf(readText("a: 1\nb: [1, 2\nc: }\n"))).toEqual([
    expect.stringMatching(/^"line \d, column \d" is .*must be YAML or JSON: /),
  ]);
});

test("readConfigFile() names every wrong reference", () => {
  const lines = linesOf(readText("a: ${1}\nb: [ok, '${x:y}']\n"));
  expect(lines).toEqual([
    '"line 1, column 4" is "${1}", must be ${NAME}, ${env:NAME} or ${NAME:-default}; write "$$" for a dollar sign',
    '"line 2, column 9" is "${x:y}", must be ${NAME}, ${env:NAME} or ${NAME:-default}; write "$$" for a dollar sign',
  ]);
});

test("readConfigFile() refuses two values for one key", () => {
  expect(linesOf(readText("a: 1\na: 2\n"))).toEqual([expect.stringContaining("Map keys must be unique")]);
});

test("readConfigFile() says why a file cannot be read", () => {
  const folder = makeFolder();
  expect(linesOf(readConfigFile(join(folder, "none.yaml"), {}))).toEqual([
    expect.stringMatching(/^"file" is .*none.yaml", must be a file that can be read: ENOENT/),
  ]);
  mkdirSync(join(folder, "folder"));
  expect(linesOf(readConfigFile(join(folder, "folder"), {}))[0]).toContain("EISDIR");
});

test("readConfigFile() does not read what nobody has written by hand", () => {
  const path = join(makeFolder(), "big.yaml");
  writeFileSync(path, "#".repeat(1_048_577));
  expect(linesOf(readConfigFile(path, {}))).toEqual([
    '"file" is "1048577 bytes long", must have at most 1048576 bytes',
  ]);
});

test("readConfigFile() is not held up by a file whose aliases multiply", () => {
  const levels = Array.from(
    { length: 30 },
    (_, index) => `k${index + 1}: &a${index + 1} [*a${index}, *a${index}]`,
  );
  const lines = linesOf(readText(`k0: &a0 [x, x]\n${levels.join("\n")}\n`));
  expect(lines).toEqual([expect.stringContaining("alias")]);
});
