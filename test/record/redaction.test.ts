import { describe, expect, test } from "vitest";

import { nameStates, redactFault, redactionOf } from "../../src/record/redaction.ts";

/** Whether one of these paths names the value below these keys. */
function names(path: string | readonly string[], ...keys: readonly string[]): boolean {
  const redaction = redactionOf(typeof path === "string" ? [path] : path);
  if (redaction === undefined) throw new Error("no redaction");
  let state = nameStates(redaction);
  for (const key of keys) state = state.next(key);
  return state.isMatch;
}

test.each([
  ["password", ["password"]],
  ["password", ["Password"]],
  ["PASSWORD", ["password"]],
  ["user.password", ["user", "password"]],
  ["user.password", ["user.password"]],
  ["http.request.header.authorization", ["http.request.header.authorization"]],
  ["http.request.header.authorization", ["http.request", "header", "Authorization"]],
  ["user", ["user.password"]],
  ["user.*", ["user", "password"]],
  ["*.password", ["user", "password"]],
  ["users[*].password", ["users", "3", "password"]],
  ["users.*.password", ["users", "3", "password"]],
  ["users[0]", ["users", "0"]],
  ["**.password", ["password"]],
  ["**.password", ["a", "b", "c", "password"]],
  ["**.password", ["a.b.password"]],
  ["a.**.z", ["a", "z"]],
  ["a.**.z", ["a", "b", "c", "z"]],
  ["a.**", ["a", "b", "c"]],
  ["a.**", ["a"]],
  ["**", ["anything"]],
  ["*", ["anything"]],
  ['headers["set-cookie"]', ["headers", "Set-Cookie"]],
  ["headers['set-cookie']", ["headers", "set-cookie"]],
  ['["a.b"].c', ["a", "b", "c"]],
  ['["it\\"s"]', ['it"s']],
  ['["*"]', ["*"]],
  ['[""]', [""]],
  ["x-api-key", ["x-api-key"]],
  ["größe", ["GrÖße"]],
] as const)("%s names %j", (path, keys) => {
  expect(names(path, ...keys)).toBe(true);
});

test.each([
  ["password", ["user", "password"]],
  ["password", ["passwords"]],
  ["user.password", ["user"]],
  ["user.password", ["user", "name"]],
  ["*.password", ["password"]],
  ["*.password", ["a", "b", "password"]],
  ["users[0]", ["users", "1"]],
  ["a.**.z", ["a", "y"]],
  ["a.*.c", ["a", "c"]],
  ['["*"]', ["anything"]],
  ["**.a.b", ["a", "c", "b"]],
] as const)("%s does not name %j", (path, keys) => {
  expect(names(path, ...keys)).toBe(false);
});

test("several paths are looked for at once", () => {
  const paths = ["a.b", "a.*.c", "**.secret"];
  expect(names(paths, "a", "b")).toBe(true);
  expect(names(paths, "a", "x", "c")).toBe(true);
  expect(names(paths, "a", "x", "secret")).toBe(true);
  expect(names(paths, "a", "x", "d")).toBe(false);
});

test("a state knows when nothing below can be named", () => {
  const redaction = redactionOf(["a.b"]);
  const top = nameStates(redaction!);
  expect(top.next("x").isDead).toBe(true);
  expect(top.next("a").isDead).toBe(false);
});

test("keys that are asked for fill no memory, and are told apart all the same", () => {
  const top = nameStates(redactionOf(["**.secret"])!);
  for (let i = 0; i < 5000; i++) expect(top.next(`key ${i}`).isMatch).toBe(false);
  expect(top.next("secret").isMatch).toBe(true);
  expect(top.next("x".repeat(1_000_000)).isMatch).toBe(false);
});

describe("redactFault()", () => {
  test.each([
    [[]],
    [["password", "a.b", "a[0].b", "a['b c'].d", "*", "**", "a.**.b"]],
    [{ paths: ["password"] }],
    [{ paths: [], censor: "", remove: true }],
  ])("finds none in %j", (value) => {
    expect(redactFault(value)).toBeUndefined();
  });

  test.each([
    [undefined, ""],
    [null, ""],
    ["password", ""],
    [[1], "[0]"],
    [["a", ""], "[1]"],
    [["a..b"], "[0]"],
    [["a."], "[0]"],
    [[".a"], "[0]"],
    [["a b"], "[0]"],
    [["a[b]"], "[0]"],
    [["a[1"], "[0]"],
    [["a]"], "[0]"],
    [["a['b'"], "[0]"],
    [["a*"], "[0]"],
    [["***"], "[0]"],
    [["a[0]b"], "[0]"],
    [{ censor: "x" }, ".paths"],
    [{ paths: "password" }, ".paths"],
    [{ paths: ["a", "b."] }, ".paths[1]"],
    [{ paths: ["a"], censor: () => "x" }, ".censor"],
    [{ paths: ["a"], remove: 1 }, ".remove"],
    [{ paths: ["a"], censored: "x" }, ".censored"],
  ])("%j: says where the fault is (%s)", (value, place) => {
    expect(redactFault(value)).toMatchObject({ place });
  });
});

test("redactionOf() knows the defaults, and that no path is no redaction", () => {
  expect(redactionOf(["a"])).toEqual({ paths: ["a"], censor: "[Redacted]", remove: false });
  expect(redactionOf({ paths: ["a"], censor: "***", remove: true })).toEqual({
    paths: ["a"],
    censor: "***",
    remove: true,
  });
  expect(redactionOf([])).toBeUndefined();
});
