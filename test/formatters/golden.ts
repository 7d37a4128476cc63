import { readFile } from "node:fs/promises";
import { hostname } from "node:os";

/** A golden file: `#` and comments, then for each record `## name` and what is written for it. */
export interface Golden {
  /** What the formatter of the file is made with. */
  readonly options: object;
  /** Text by the name of the record. */
  readonly texts: ReadonlyMap<string, string>;
}

/** Reads the golden file of a format; `<pid>` and `<hostname>` in it are those of this process. */
export async function readGolden(format: string): Promise<Golden> {
  const file = await readFile(new URL(`golden/${format}.golden`, import.meta.url), "utf8");
  const [head = "", ...sections] = file.split("\n## ");
  const options = /Options: (?<json>\{.*\})/.exec(head)?.groups?.["json"] ?? "{}";
  const texts = sections.map((section): [string, string] => {
    const nameEnd = section.indexOf("\n");
    return [section.slice(0, nameEnd), section.slice(nameEnd + 1).replace(/\n+$/, "")];
  });
  return { options: JSON.parse(options) as object, texts: new Map(texts) };
}

/** The text as this process writes it. */
export function filledIn(text: string): string {
  return text.replaceAll("<pid>", String(process.pid)).replaceAll("<hostname>", hostname());
}
