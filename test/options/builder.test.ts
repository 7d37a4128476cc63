import { describe, expect, test } from "vitest";

import { createBuilder } from "../../src/options/builder.ts";
import type { ResolvedOf } from "../../src/options/infer.ts";
import { resolveOptions } from "../../src/options/validate.ts";

const TABLE = {
  path: { type: "path", required: true, description: "Where." },
  size: { type: "integer", minimum: 1, maximum: 10, default: 5, description: "How many." },
} as const;

function fileBuilder() {
  return createBuilder(TABLE, (options): ResolvedOf<typeof TABLE> =>
    resolveOptions(TABLE, options, { subject: 'file "a"', env: {} }),
  );
}

describe("createBuilder", () => {
  test("build() hands on what the methods were given", () => {
    expect(fileBuilder().path("/a").size(7).build()).toEqual({ path: "/a", size: 7 });
  });

  test("a method that is called twice replaces what it was given before", () => {
    expect(fileBuilder().path("/a").path("/b").build().path).toBe("/b");
  });

  test("build() may be called again, and what it built before does not change", () => {
    const given: unknown[] = [];
    const builder = createBuilder(TABLE, (options) => given.push(options)).path("/a");
    builder.build();
    builder.size(2).build();
    expect(given).toEqual([{ path: "/a" }, { path: "/a", size: 2 }]);
  });

  test("build() throws all faults, none before", () => {
    const builder = fileBuilder().size(11);
    expect(() => builder.build()).toThrow(
      'Cannot start file "a": 2 faults\n  - "size" is 11, must be at least 1 and at most 10; try 5 (CONFIG.md#size)\n  - "path" is missing',
    );
  });

  test("tryBuild() returns what it built", () => {
    expect(fileBuilder().path("/a").tryBuild()).toEqual({ ok: true, value: { path: "/a", size: 5 } });
  });

  test("tryBuild() returns the faults", () => {
    const result = fileBuilder().size(11).tryBuild();
    expect(result.ok ? [] : result.errors.map(({ path }) => path)).toEqual(["size", "path"]);
  });

  test("tryBuild() throws what is not about the configuration", () => {
    const builder = createBuilder(TABLE, () => {
      throw new TypeError("a defect");
    });
    expect(() => builder.tryBuild()).toThrow(new TypeError("a defect"));
  });
});
