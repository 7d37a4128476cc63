import type { FormatPiece, ParsedFormat } from "./format-piece.ts";

const TOKEN = /\$(?:\$|(?<bare>[A-Za-z_]\w*)|\{(?<braced>[A-Za-z_][\w.]*)\})/g;

/** Takes a format apart in which `$name` and `${name}` stand for attributes, and `$$` for a dollar sign. Pure. */
export function parseDollar(format: string): ParsedFormat {
  const pieces: FormatPiece[] = [];
  const faults: string[] = [];
  let at = 0;
  const addText = (text: string): void => {
    if (text.includes("$"))
      faults.push(`has a "$" that begins no field such as \${message} in ${JSON.stringify(text)}`);
    pieces.push({ kind: "literal", text });
  };
  for (const match of format.matchAll(TOKEN)) {
    if (match.index > at) addText(format.slice(at, match.index));
    at = match.index + match[0].length;
    const name = match.groups?.["bare"] ?? match.groups?.["braced"];
    if (name === undefined) pieces.push({ kind: "literal", text: "$" });
    else pieces.push({ kind: "field", name, source: match[0], show: undefined });
  }
  if (at < format.length) addText(format.slice(at));
  if (!pieces.some(({ kind }) => kind === "field")) faults.push("has no field such as ${message}");
  return { pieces, faults };
}
