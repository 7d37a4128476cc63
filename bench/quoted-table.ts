/** Tables in pages: where a page quotes results, a comment marks the place. */

/**
 * A page with the table of one name replaced: the lines with a bar that follow `<!-- results: <name> -->`.
 *
 * @throws {RangeError} The page has no such mark.
 */
export function replaceTable(
  page: string,
  { name, table }: { readonly name: string; readonly table: string },
): string {
  const mark = `<!-- results: ${name} -->`;
  const lines = page.split("\n");
  const at = lines.indexOf(mark);
  if (at < 0) throw new RangeError(`Cannot replace the table: the page has no line "${mark}"`);
  let begin = at + 1;
  while (lines[begin] === "") begin++;
  let end = begin;
  while (lines[end]?.startsWith("|")) end++;
  return [
    ...lines.slice(0, at + 1),
    "",
    ...table.split("\n"),
    ...lines.slice(end === begin ? at + 1 : end),
  ].join("\n");
}

/** What a program prints for such a place, ready to be pasted. */
export function markedTable(name: string, table: string): string {
  return `<!-- results: ${name} -->\n\n${table}\n`;
}
