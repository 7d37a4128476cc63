import { inspect } from "node:util";

import { describe, expect, test } from "vitest";

import {
  ConfigError,
  describeProblem,
  describeValue,
  ExportError,
  FlushTimeoutError,
} from "../src/errors.ts";

const smallQueue = {
  path: "queueBytes",
  value: 500,
  expected: "must be at least 65536 bytes",
  hint: "try 4194304 (CONFIG.md#queuebytes)",
};
const noPath = { path: "path", value: undefined, expected: "must be given", hint: "see CONFIG.md#path" };

describe("ConfigError", () => {
  test("ConfigError says a single fault in one line", () => {
    const error = new ConfigError('Cannot start handler "audit"', [smallQueue]);
    expect(error.message).toBe(
      'Cannot start handler "audit": "queueBytes" is 500, must be at least 65536 bytes; try 4194304 (CONFIG.md#queuebytes)',
    );
  });

  test("ConfigError lists all faults, a line each, when there are several", () => {
    const error = new ConfigError('Cannot start handler "audit"', [smallQueue, noPath]);
    expect(error.message.split("\n")).toEqual([
      'Cannot start handler "audit": 2 faults',
      '  - "queueBytes" is 500, must be at least 65536 bytes; try 4194304 (CONFIG.md#queuebytes)',
      '  - "path" is missing, must be given; see CONFIG.md#path',
    ]);
  });

  test("ConfigError keeps the problems as they were when its array is changed later", () => {
    const problems = [smallQueue, noPath];
    const error = new ConfigError("Cannot start", problems);
    problems.pop();
    expect(error.problems).toEqual([smallQueue, noPath]);
  });

  test("ConfigError has its code, its name and the cause", () => {
    const cause = new Error("EACCES: permission denied");
    const error = new ConfigError("Cannot start", [smallQueue], { cause });
    expect(error).toMatchObject({ code: "ERR_FEMTO_CONFIG", name: "ConfigError", cause });
    expect(error).toBeInstanceOf(Error);
    expect(error.stack).toMatch(/^ConfigError: Cannot start/);
    expect(inspect(error)).toMatch(/^ConfigError: Cannot start/);
  });
});

describe("describeProblem", () => {
  test("describeProblem() speaks of the options as a whole when the path is empty", () => {
    const problem = { path: "", value: 5, expected: "must be an object" };
    expect(describeProblem(problem)).toBe("the options are 5, must be an object");
  });
});

describe("describeValue", () => {
  test.each([
    ["text", '"text"'],
    ['with "quotes"\n', '"with \\"quotes\\"\\n"'],
    [500, "500"],
    [-0, "-0"],
    [Number.NaN, "NaN"],
    [12n, "12n"],
    [true, "true"],
    [null, "null"],
    [undefined, "undefined"],
    [Symbol("secret"), "a symbol"],
    [() => 1, "a function"],
    [[1, 2], "an array"],
    [{ a: 1 }, "an object"],
    [new Date(0), "an object"],
  ])("describeValue() names %o", (value, text) => {
    expect(describeValue(value)).toBe(text);
  });

  test("describeValue() cuts a text that is longer than 80 characters and says how long it was", () => {
    expect(describeValue("x".repeat(81))).toBe(`"${"x".repeat(80)}…" (81 characters)`);
    expect(describeValue("x".repeat(80))).toBe(`"${"x".repeat(80)}"`);
  });

  test("describeValue() calls no code of a hostile value", () => {
    const { proxy, revoke } = Proxy.revocable({}, {});
    revoke();
    const hostile = {
      get [Symbol.toStringTag](): string {
        throw new Error("called");
      },
      toString(): string {
        throw new Error("called");
      },
    };
    expect(describeValue(proxy)).toBe("an object");
    expect(describeValue(hostile)).toBe("an object");
  });
});

describe("ExportError", () => {
  test("ExportError says whether to try again, and keeps the cause", () => {
    const cause = new Error("ECONNREFUSED");
    const error = new ExportError("Cannot send 512 records", { retryable: true, cause });
    expect(error).toMatchObject({
      name: "ExportError",
      code: "ERR_FEMTO_EXPORT",
      message: "Cannot send 512 records",
      retryable: true,
      cause,
    });
  });

  test("ExportError has no cause when none is given", () => {
    expect("cause" in new ExportError("Cannot send", { retryable: false })).toBe(false);
  });
});

describe("FlushTimeoutError", () => {
  test("FlushTimeoutError names what each handler has left", () => {
    const remainders = [
      { handler: "audit", recordCount: 312 },
      { handler: "net", recordCount: 1 },
    ];
    const error = new FlushTimeoutError(2_000, remainders);
    expect(error.message).toBe(
      'Cannot flush within 2000 ms: handler "audit" has 312 records left, handler "net" has 1 record left; still queued: flush again, or allow more time ("timeoutMillis")',
    );
    expect(error).toMatchObject({
      name: "FlushTimeoutError",
      code: "ERR_FEMTO_FLUSH_TIMEOUT",
      timeoutMillis: 2_000,
      remainders,
    });
  });
});
