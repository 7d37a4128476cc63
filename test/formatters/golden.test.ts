import { readFile } from "node:fs/promises";
import { describe, expect, test } from "vitest";

import { makeFormatter } from "../../processors/worker/formatter-registry.ts";
import { formatterNamed, type FormatterDescriptor } from "../../src/formatters/formatter-descriptor.ts";
import { FORMAT_NAMES } from "../../src/options/formatter-options.ts";
import { GOLDEN_RECORDS, goldenRecord } from "./golden-records.ts";
import { filledIn, readGolden } from "./golden.ts";
import { format } from "./make-record.ts";

describe.each(FORMAT_NAMES)("%s", async (name) => {
  const golden = await readGolden(name);
  const { kind, options } = formatterNamed(name);
  const descriptor = { kind, options: { ...options, ...golden.options } } as FormatterDescriptor;
  const formatter = makeFormatter(descriptor, (trouble) => expect.unreachable(trouble));

  test.each(GOLDEN_RECORDS)("%s is as in the golden file", (record) => {
    expect(format(formatter, goldenRecord(record))).toBe(filledIn(golden.texts.get(record) ?? "missing"));
  });

  test("the golden file tells of these records and no others", () => {
    expect([...golden.texts.keys()]).toEqual(GOLDEN_RECORDS);
  });
});

test("docs/formatters.md quotes the golden files as they are", async () => {
  const page = await readFile(new URL("../../docs/formatters.md", import.meta.url), "utf8");
  const quotes = [
    ...page.matchAll(/<!-- golden: (?<name>[\w-]+)#(?<record>\w+) -->\n\n```\w+\n(?<text>[^]*?)\n```/g),
  ];
  for (const quote of quotes) {
    const { name = "", record = "", text } = quote.groups as Record<string, string>;
    expect(text, `${name}#${record}`).toBe((await readGolden(name)).texts.get(record));
  }
  const quoted = new Set(quotes.map(({ groups }) => groups?.["name"]));
  expect(FORMAT_NAMES.filter((name) => !quoted.has(name))).toEqual([]);
  expect(page.match(/<!-- golden:/g)).toHaveLength(quotes.length);
});
