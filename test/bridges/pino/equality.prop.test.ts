/** Whatever is logged by pino: the record holds what pino's own line says. */
import * as fc from "fast-check";
import { pino, type LoggerOptions } from "pino";
import { describe, expect, test } from "vitest";

import { pinoDestination } from "../../../src/bridges/pino/index.ts";
import type { FemtoLogRecord } from "../../../src/index.ts";
import { collect } from "../../logger/collect.ts";
import { keepLines } from "./bridged.ts";

type Fields = Readonly<Record<string, unknown>>;

/** Text that JSON and UTF-8 can say: halves of surrogate pairs become U+FFFD on our side, and pino writes them as they are. */
const text = fc.string({ unit: "binary" });
const value = fc.anything({
  key: text,
  withBigInt: false,
  withDate: true,
  withMap: true,
  withSet: true,
  withTypedArray: true,
  withNullPrototype: true,
  values: [
    text,
    fc.integer(),
    fc.double(),
    fc.boolean(),
    fc.constant(null),
    fc.constant(undefined),
    fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
  ],
});
const key = fc.oneof(
  text,
  fc.constantFrom("level", "time", "pid", "hostname", "msg", "err", "a", "__proto__"),
);
// pino itself throws on bindings without a prototype.
const fields = fc.dictionary(key, value, { maxKeys: 6, noNullPrototype: true });

const settings: readonly LoggerOptions[] = [
  {},
  { base: null, messageKey: "text", timestamp: pino.stdTimeFunctions.isoTime },
  { nestedKey: "data", errorKey: "fault", crlf: true },
  { name: "shop", redact: ["a", "*.b"], formatters: { level: (level) => ({ level, word: level }) } },
];

/** What the line says beside level, time, and what the resource tells. */
function saidBy(line: string, { messageKey = "msg" }: LoggerOptions): { fields: Fields; message: unknown } {
  const [head = ""] =
    /^\{"level":(?:\d+|"\w+")(?<word>,"word":"\w+")?,"time":(?:\d+|"[^"]+")(?:,"pid":\d+,"hostname":"[^"]+")?/.exec(
      line,
    ) ?? [];
  const rest = line.slice(head.length).replace(/^,/, "");
  const word = /"word":"(\w+)"/.exec(head)?.[1];
  const parsed = JSON.parse(`{${rest}`) as Record<string, unknown>;
  const all = word === undefined || Object.hasOwn(parsed, "word") ? parsed : { word, ...parsed };
  const { [messageKey]: message, ...others } = all;
  return { fields: others, message };
}

/** JSON.parse knows no bigint: what is compared is what it would have made of it. */
function plain(given: unknown): unknown {
  if (typeof given === "bigint") return Number(given);
  if (Array.isArray(given)) return given.map(plain);
  if (typeof given !== "object" || given === null) return given;
  return Object.fromEntries(Object.entries(given).map(([name, one]) => [name, plain(one)]));
}

function sorted(given: unknown): unknown {
  return JSON.stringify(given, (_key, one: unknown) =>
    typeof one === "object" && one !== null && !Array.isArray(one)
      ? Object.entries(one).toSorted(([a], [b]) => (a < b ? -1 : 1))
      : one,
  );
}

function expectSame(record: FemtoLogRecord | undefined, line: string, options: LoggerOptions): void {
  const said = saidBy(line, options);
  expect(sorted(plain(record?.attributes))).toBe(sorted(said.fields));
  expect(plain(record?.body)).toEqual(said.message);
}

describe.for(settings.map((options) => ({ name: JSON.stringify(options), options })))(
  "pino($name)",
  ({ options }) => {
    test("a record holds what the line says, whatever the bindings, the fields and the message are", async () => {
      const { logging, take } = collect();
      const { lines, stream } = keepLines();
      const both = pino.multistream([{ stream: pinoDestination({ logging }) }, { stream }]);
      const log = pino(options, both);
      await fc.assert(
        fc.asyncProperty(
          fields,
          fields,
          fc.option(text, { nil: undefined }),
          async (bindings, given, message) => {
            lines.length = 0;
            log.child(bindings).info(given, message);
            const [record] = await take();
            expectSame(record, lines[0] as string, options);
          },
        ),
        { numRuns: 300 },
      );
    });
  },
);
