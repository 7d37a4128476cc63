import type { MapLogRecord } from "../../../src/index.ts";

/** Maps records for the tests of `mapLogRecord`: throws, or returns what is no object, where the record asks for it. */
export function createMapper(options: { readonly source: string }): MapLogRecord {
  return (record) => {
    const { attributes, body } = record;
    if (attributes["mode"] === "throw") throw new Error("cannot map this");
    if (attributes["mode"] === "promise") return Promise.resolve({});
    if (attributes["mode"] === "text") return "text" as unknown as object;
    return { source: options.source, body, ...attributes };
  };
}
