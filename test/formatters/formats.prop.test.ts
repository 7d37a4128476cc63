import * as fc from "fast-check";
import { expect, test } from "vitest";

import type { BodyStyle } from "../../processors/shape/shape.ts";
import { makeFormatter } from "../../processors/worker/formatter-registry.ts";
import { formatterNamed } from "../../src/formatters/formatter-descriptor.ts";
import type { FormatName } from "../../src/options/formatter-options.ts";
import { format, makeRecord, SPAN, type RecordInput } from "./make-record.ts";
import { anyEntries, anyText } from "./values.ts";

const JSON_FORMATS: readonly FormatName[] = [
  "json",
  "pino",
  "bunyan",
  "ecs",
  "gelf",
  "datadog",
  "splunk-hec",
  "google-cloud",
  "otlp-json",
];

/** Names that one format or another has for its own, so that attributes meet them. */
const VENDOR_NAMES = [
  "message",
  "id",
  "err",
  "v",
  "pid",
  "log.level",
  "error.type",
  "user",
  "dd.trace_id",
  "severity",
  "logging.googleapis.com/trace",
  "exception.type",
  "exception.stacktrace",
  "code.line.number",
  "attributes.message",
];

/** Records with hostile texts everywhere, and attributes that have the names of fields. */
const anyRecord: fc.Arbitrary<RecordInput> = fc
  .record({
    entries: anyEntries,
    splitAt: fc.nat(6),
    names: fc.uniqueArray(fc.constantFrom(...VENDOR_NAMES), { maxLength: 4 }),
    text: anyText,
    logger: anyText,
    severityText: anyText,
    severityNumber: fc.integer({ min: 0, max: 24 }),
    eventName: fc.option(anyText, { nil: undefined }),
    body: fc.constantFrom<BodyStyle>("plain", "none", "value"),
    hasSpan: fc.boolean(),
    seconds: fc.oneof(fc.integer({ min: -10, max: 4_000_000_000 }), fc.double()),
    nanos: fc.integer({ min: 0, max: 4_294_967_295 }),
  })
  .map(({ entries, splitAt, names, text, hasSpan, eventName, body, seconds, nanos, ...rest }) => {
    const known = new Set(entries.map(([key]) => key.toWellFormed()));
    const vendor = names.filter((name) => !known.has(name)).map((name, index) => [name, index + text]);
    const all = [...entries, ...(vendor as [string, string][])];
    return {
      ...rest,
      template: text,
      body,
      ...(body === "value" ? { arguments: [text], template: "" } : {}),
      ...(eventName === undefined ? {} : { eventName }),
      ...(hasSpan ? { span: SPAN } : {}),
      timestamp: [seconds, nanos] as const,
      attributes: Object.fromEntries(all.slice(0, splitAt)),
      extras: Object.fromEntries(all.slice(splitAt)),
    };
  });

function lineOf(name: FormatName, input: RecordInput): string {
  return format(
    makeFormatter(formatterNamed(name), (trouble) => expect.unreachable(trouble)),
    makeRecord(input),
  );
}

/** Keys of the outermost object, each as often as it stands there; those of `event` where that is all there is. */
function keysOf(line: string): string[] {
  const keys: string[] = [];
  let depth = 0;
  for (const [token, text, colon] of line.matchAll(/("(?:[^"\\]|\\.)*")(:?)|[[\]{}]/gs)) {
    if (token === "{" || token === "[") depth++;
    else if (token === "}" || token === "]") depth--;
    else if (depth === 1 && colon === ":") keys.push(JSON.parse(text as string) as string);
  }
  return keys;
}

test.each(JSON_FORMATS)("%s: each line is one line of JSON, whatever the record holds", (name) => {
  fc.assert(
    fc.property(anyRecord, (input) => {
      const line = lineOf(name, input);
      expect(line).not.toMatch(/[\0-\x1f]/);
      expect(typeof JSON.parse(line)).toBe("object");
      // GELF has fewer characters for names, so that two may become one.
      if (name !== "gelf") expect(new Set(keysOf(line)).size).toBe(keysOf(line).length);
    }),
    { numRuns: 200 },
  );
});

test("gelf: names are those that GELF allows, none is _id, values are strings and numbers", () => {
  fc.assert(
    fc.property(anyRecord, (input) => {
      const fields = JSON.parse(lineOf("gelf", input)) as Record<string, unknown>;
      const { version, host, short_message, timestamp, level, full_message = "", ...additional } = fields;
      expect(version).toBe("1.1");
      expect([host, short_message, full_message].map((value) => typeof value)).toEqual(
        Array.from({ length: 3 }, () => "string"),
      );
      expect(typeof timestamp).toBe("number");
      expect([2, 3, 4, 5, 6, 7]).toContain(level);
      for (const [name, value] of Object.entries(additional)) {
        expect(name).toMatch(/^_[\w.-]*$/);
        expect(name).not.toBe("_id");
        expect(["string", "number"]).toContain(typeof value);
      }
    }),
    { numRuns: 300 },
  );
});

test("ecs: no object of the schema is a text or number", () => {
  fc.assert(
    fc.property(anyRecord, (input) => {
      const line = lineOf("ecs", input);
      const fields = JSON.parse(line) as Record<string, unknown>;
      for (const name of ["user", "error", "log", "event", "url"]) expect(fields).not.toHaveProperty([name]);
      expect(keysOf(line).slice(0, 4)).toEqual(["@timestamp", "log.level", "message", "ecs.version"]);
    }),
    { numRuns: 100 },
  );
});

test("logfmt: each line can be taken apart by the rules of logfmt", () => {
  const pair = /^(?<key>[^\s="\\\p{Cc}]+)=(?:"(?:[^"\\\p{Cc}\u2028\u2029]|\\.)*"|[^ "\p{Cc}]*)(?: |$)/u;
  fc.assert(
    fc.property(anyRecord, (input) => {
      let rest = lineOf("logfmt", input);
      while (rest !== "") {
        const match = pair.exec(rest);
        expect(match, rest).not.toBeNull();
        rest = rest.slice(match?.[0].length);
      }
    }),
    { numRuns: 300 },
  );
});

test.each(["text", "pretty", "logfmt"] as const)(
  "%s: no value begins a line or speaks to a terminal, stacks excepted",
  (name) => {
    fc.assert(
      fc.property(anyRecord, (input) => {
        const { "exception.stacktrace": _stack, ...attributes } = input.attributes ?? {};
        const { "exception.stacktrace": _other, ...extras } = input.extras ?? {};
        const values = [...Object.values(attributes), ...Object.values(extras)];
        // A map that was an error has a stack too.
        fc.pre(!values.some((value) => typeof value === "object" && value !== null && "stacktrace" in value));
        expect(lineOf(name, { ...input, attributes, extras })).not.toMatch(/[\p{Cc}\u2028\u2029]/u);
      }),
      { numRuns: 200 },
    );
  },
);
