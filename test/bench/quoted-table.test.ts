import { expect, test } from "vitest";

import { markedTable, replaceTable } from "../../bench/quoted-table.ts";

test("replaceTable() puts a table in the place of the one behind the mark, and leaves the rest", () => {
  const page = "# Post\n\n<!-- results: post -->\n\n| old |\n| --- |\n| row |\n\nText.\n";
  expect(replaceTable(page, { name: "post", table: "| new |\n| --- |" })).toBe(
    "# Post\n\n<!-- results: post -->\n\n| new |\n| --- |\n\nText.\n",
  );
});

test("replaceTable() puts a table behind a mark that has none", () => {
  expect(replaceTable("<!-- results: post -->\n\nText.\n", { name: "post", table: "| new |" })).toBe(
    "<!-- results: post -->\n\n| new |\n\nText.\n",
  );
});

test("replaceTable() refuses a page without the mark", () => {
  expect(() => replaceTable("Text.\n", { name: "post", table: "| new |" })).toThrow(
    'the page has no line "<!-- results: post -->"',
  );
});

test("markedTable() begins with the mark that replaceTable() looks for", () => {
  const page = markedTable("post", "| old |");
  expect(replaceTable(page, { name: "post", table: "| new |" })).toBe(markedTable("post", "| new |"));
});
