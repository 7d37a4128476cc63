import { describe, expect, test } from "vitest";

import { overrideOptions } from "../../src/options/override.ts";

const table = {
  size: {
    type: "integer",
    minimum: 1,
    default: 10,
    environment: ["SIZE"],
    description: "How many.",
  },
  kind: { type: "enum", values: ["a", "b"], default: "a", description: "Which." },
} as const;

describe("overrideOptions", () => {
  test("overrideOptions() replaces what the patch names and keeps the rest, order included", () => {
    const patched = overrideOptions(table, { size: { default: 20, environment: [] } });
    expect(patched).toEqual({
      size: { type: "integer", minimum: 1, default: 20, environment: [], description: "How many." },
      kind: table.kind,
    });
    expect(Object.keys(patched)).toEqual(["size", "kind"]);
  });

  test("overrideOptions() leaves the table as it was", () => {
    overrideOptions(table, { kind: { default: "b" } });
    expect(table.kind.default).toBe("a");
  });
});
