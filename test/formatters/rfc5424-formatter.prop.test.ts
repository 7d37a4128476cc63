import { assert, constantFrom, dictionary, property, string } from "fast-check";
import { expect, test } from "vitest";
import { Rfc5424Formatter } from "../../src/formatters/rfc5424-formatter.ts";
import { parseMessage } from "../support/syslog-messages.ts";
import { format, makeRecord } from "./make-record.ts";

const anyText = string({ unit: "binary", maxLength: 100 }).filter((text) => text.isWellFormed());
const texts = dictionary(anyText, anyText, { maxKeys: 5, noNullPrototype: true });

test("every message is one of RFC 5424, on one line, whatever the texts", () => {
  assert(
    property(
      texts,
      anyText,
      constantFrom("id@1", false as const),
      (attributes, template, structuredDataId) => {
        const options = { facility: 1, hostname: "h", appName: undefined, bom: false, maxMessageBytes: 480 };
        const formatter = new Rfc5424Formatter({ ...options, structuredDataId });
        const input = { template, body: "plain" as const, attributes, extras: attributes, logger: template };
        const text = format(formatter, makeRecord(input));
        expect(text).not.toMatch(/[\p{Cc}\p{Zl}\p{Zp}]/u);
        parseMessage(text);
      },
    ),
  );
});

test("values come back as they were but for controls", () => {
  const formatter = new Rfc5424Formatter({
    facility: 1,
    hostname: "h",
    appName: "a",
    structuredDataId: "id@1",
    bom: false,
    maxMessageBytes: 1_000_000,
  });
  assert(
    property(anyText, (value) => {
      const { data } = parseMessage(format(formatter, makeRecord({ attributes: { key: value } })));
      const expected = value.replaceAll(/[\p{Cc}\p{Zl}\p{Zp}]/gu, (control) =>
        control < " "
          ? JSON.stringify(control).slice(1, -1)
          : `\\u${control.charCodeAt(0).toString(16).padStart(4, "0")}`,
      );
      expect(Object.fromEntries(data["id@1"] ?? [])).toEqual({ logger: "shop", key: expected });
    }),
  );
});
