import { expect, test } from "vitest";

import { ROW_MASK, tables } from "../../bench/data.ts";
import { compileBurst, OTHER_SITE_COUNT, type Site, sitesOf } from "../../bench/sites.ts";

interface Logged {
  readonly text: string;
  readonly attributes: Readonly<Record<string, unknown>>;
}

function logged(
  isMixed: boolean,
  { begin, end }: { readonly begin: number; readonly end: number },
): readonly Logged[] {
  const records: Logged[] = [];
  const log = (text: string, attributes: Record<string, unknown>): number =>
    records.push({ text, attributes });
  compileBurst(log, sitesOf(isMixed), (text, attributes) => `log(${text}, ${attributes})`)(begin, end);
  return records;
}

test("sitesOf() makes one call site, or 40 more that all differ in text and keys", () => {
  expect(sitesOf(false)).toHaveLength(1);
  const sites = sitesOf(true);
  expect(sites).toHaveLength(1 + OTHER_SITE_COUNT);
  expect(new Set(sites.map(({ text }) => text)).size).toBe(sites.length);
  const keySets = sites.map(({ attributes }) => attributes.map(({ key }) => key).join());
  expect(new Set(keySets).size).toBe(sites.length);
});

test("sitesOf() gives each call site 17 characters and one attribute of each kind", () => {
  for (const { text, attributes } of sitesOf(true)) {
    expect(text).toHaveLength(17);
    expect(attributes.map(({ kind }) => kind).toSorted()).toStrictEqual(["double", "flag", "int", "text"]);
  }
});

test("compileBurst() logs the values of the record's row", () => {
  const index = ROW_MASK + 6;
  const [record] = logged(false, { begin: index, end: index + 1 });
  expect(record).toStrictEqual({
    text: "request completed",
    attributes: {
      status: tables.int[5],
      path: tables.text[5],
      cached: tables.flag[5],
      ms: tables.double[5],
    },
  });
});

test("compileBurst() takes the call sites in turn, also across bursts", () => {
  const sites = sitesOf(true);
  const records = [...logged(true, { begin: 0, end: 50 }), ...logged(true, { begin: 50, end: 100 })];
  const expected = records.map((_, index) => (sites[index % sites.length] as Site).text);
  expect(records.map(({ text }) => text)).toStrictEqual(expected);
});
