import { expect, test } from "vitest";

import type { NamedHoles } from "../../src/logger/template-types.ts";
import { holeSource, parseTemplate, type Piece } from "../../src/record/template.ts";

function literal(text: string): Piece {
  return { kind: "literal", text };
}

function named(path: string): Piece {
  return { kind: "named", path };
}

function printf(conversion: "s" | "d" | "i" | "f" | "j" | "o" | "O", index: number): Piece {
  return { kind: "printf", conversion, index };
}

/** The text with its holes written back. */
function textOf(template: string): string {
  const { pieces } = parseTemplate(template);
  return pieces.map((piece) => (piece.kind === "literal" ? piece.text : holeSource(piece))).join("");
}

/** The names that the parser finds. The compiler checks that its own reading of the template has no other names. */
function holesAre<const Template extends string>(
  template: Template,
  names: readonly NamedHoles<Template>[],
): void {
  const found = parseTemplate(template).pieces.filter((piece) => piece.kind === "named");
  expect(found.map(({ path }) => path)).toEqual(names);
}

test("parseTemplate() takes named holes and the text between them apart", () => {
  expect(parseTemplate("User {user} paid {amount}")).toEqual({
    style: "named",
    pieces: [literal("User "), named("user"), literal(" paid "), named("amount")],
    argumentCount: 0,
  });
});

test("parseTemplate() numbers printf holes from 0", () => {
  expect(parseTemplate("retry %d of %s")).toEqual({
    style: "printf",
    pieces: [literal("retry "), printf("d", 0), literal(" of "), printf("s", 1)],
    argumentCount: 2,
  });
});

test("parseTemplate() knows seven conversions", () => {
  const conversions = ["s", "d", "i", "f", "j", "o", "O"] as const;
  expect(parseTemplate("%s%d%i%f%j%o%O").pieces).toEqual(conversions.map(printf));
});

test("parseTemplate() lets named holes stand beside printf holes", () => {
  expect(parseTemplate("%d of {max}")).toEqual({
    style: "printf",
    pieces: [printf("d", 0), literal(" of "), named("max")],
    argumentCount: 1,
  });
});

test("parseTemplate() leaves text without holes in one piece", () => {
  expect(parseTemplate("plain")).toEqual({ style: "plain", pieces: [literal("plain")], argumentCount: 0 });
});

test("parseTemplate() has no piece for an empty text", () => {
  expect(parseTemplate("")).toEqual({ style: "plain", pieces: [], argumentCount: 0 });
});

test("parseTemplate() has no empty text between holes that touch", () => {
  expect(parseTemplate("{a}{b}%s").pieces).toEqual([named("a"), named("b"), printf("s", 0)]);
});

test("parseTemplate() finds the names that the compiler finds", () => {
  holesAre("{a}", ["a"]);
  holesAre("{a.b} {http.request.method}", ["a.b", "http.request.method"]);
  holesAre("{_a1} {$b} {@c} {key-with/slash} {a.0}", ["_a1", "$b", "@c", "key-with/slash", "a.0"]);
  holesAre("{größe} {名前} {🙂}", ["größe", "名前", "🙂"]);
  holesAre("{a}{a}", ["a", "a"]);
  holesAre("{{{a}}}", ["a"]);
  holesAre("{ {a} }", ["a"]);
  holesAre("{a{b}", ["b"]);
  holesAre("%{a}", ["a"]);
});

test.each(
  [
    "{}",
    "{ }",
    "{ a}",
    "{a }",
    "{0}",
    "{1a}",
    "{-a}",
    "{.a}",
    "{a.}",
    "{a..b}",
    "{a:1}",
    '{"a":1}',
    "{a,b}",
  ].concat([
    "{a=b}",
    "{ms:.2f}",
    "{*}",
    "{a[0]}",
    "{a?.b}",
    "{a%b}",
    "{a\nb}",
    "{'a'}",
    "() => {}",
    "[0-9]{4}",
  ]),
)("parseTemplate() takes %j for text: there is no name between the braces", (text) => {
  expect(parseTemplate(text)).toEqual({ style: "plain", pieces: [literal(text)], argumentCount: 0 });
});

test.each([
  "{",
  "}",
  "{a",
  "a}",
  "{{",
  "}}",
  "{{a}",
  "{{a",
  "a}}",
  "}{",
  "}}{{",
  "%",
  "%%",
  "% d",
  "%x",
  "50%",
  "%.2f",
])("parseTemplate() takes %j for text: it is no hole and no pair of escapes", (text) => {
  expect(parseTemplate(text)).toEqual({ style: "plain", pieces: [literal(text)], argumentCount: 0 });
});

test("parseTemplate() makes one brace of two when they come in pairs", () => {
  expect(parseTemplate("set {{name}} to {name}").pieces).toEqual([literal("set {name} to "), named("name")]);
});

test("parseTemplate() resolves escapes within escapes", () => {
  expect(textOf("{{{{a}}}}")).toBe("{{a}}");
});

test("parseTemplate() keeps the braces that end a JSON text", () => {
  const text = JSON.stringify({ order: { customer: { id: 1 } }, list: [{}] });
  expect(textOf(text)).toBe(text);
});

test("parseTemplate() makes one percent sign of two beside a printf hole", () => {
  expect(parseTemplate("%d%% of %s").pieces).toEqual([printf("d", 0), literal("% of "), printf("s", 1)]);
});

test("parseTemplate() does not take the second percent sign of an escape for a hole", () => {
  expect(parseTemplate("%%d %d").pieces).toEqual([literal("%d "), printf("d", 0)]);
});

test("parseTemplate() keeps two percent signs where there is no printf hole", () => {
  expect(textOf("100%% of {a}")).toBe("100%% of {a}");
});

test("parseTemplate() takes names of the prototype for names", () => {
  expect(parseTemplate("{__proto__} {constructor}").pieces).toEqual([
    named("__proto__"),
    literal(" "),
    named("constructor"),
  ]);
});

test("parseTemplate() takes names longer than 128 units for text", () => {
  const longest = `{${"n".repeat(128)}}`;
  const tooLong = `{${"n".repeat(129)}}`;
  expect([parseTemplate(longest).style, parseTemplate(tooLong).style]).toEqual(["named", "plain"]);
});

test("parseTemplate() takes what follows 512 holes for text", () => {
  const { pieces } = parseTemplate("{a}".repeat(600));
  expect(pieces).toHaveLength(513);
  expect(pieces.at(-1)).toEqual(literal("{a}".repeat(88)));
});

test("parseTemplate() looks for holes in the first 65536 units only", () => {
  const text = `{a}${" ".repeat(65_533)}{b}`;
  expect(parseTemplate(text).pieces).toEqual([named("a"), literal(`${" ".repeat(65_533)}{b}`)]);
});

test("parseTemplate() keeps a text of ten million units whole", () => {
  const text = "{%".repeat(5_000_000);
  expect(textOf(text) === text).toBe(true);
});

test("holeSource() writes a hole as it stood in the template", () => {
  const holes = parseTemplate("{a.b} %j").pieces.filter((piece) => piece.kind !== "literal");
  expect(holes.map(holeSource)).toEqual(["{a.b}", "%j"]);
});
