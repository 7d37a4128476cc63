import { join } from "node:path";
import { pathToFileURL } from "node:url";

import { describe, expect, test } from "vitest";

import type { ConfigProblem } from "../../src/errors.ts";
import { describeProblem } from "../../src/errors.ts";
import type { PlainDescription } from "../../src/options/read-value.ts";
import { readValue } from "../../src/options/read-value.ts";

type WithoutDescription<D> = D extends unknown ? Omit<D, "description"> : never;

function read(option: WithoutDescription<PlainDescription>, value: unknown): ReturnType<typeof readValue> {
  return readValue(
    { ...option, description: "An option." },
    { name: "theOption", path: "a.theOption", value },
  );
}

function accepted(option: WithoutDescription<PlainDescription>, value: unknown): unknown {
  const reading = read(option, value);
  return reading.ok ? reading.value : reading.problems.map(describeProblem);
}

function problems(option: WithoutDescription<PlainDescription>, value: unknown): readonly ConfigProblem[] {
  const reading = read(option, value);
  return reading.ok ? [] : reading.problems;
}

function complaint(option: WithoutDescription<PlainDescription>, value: unknown): string {
  return problems(option, value).map(describeProblem).join("\n");
}

describe("readValue of numbers", () => {
  const size = { type: "integer", unit: "bytes", minimum: 10, maximum: 20, default: 15 } as const;

  test("readValue() takes both ends of the range", () => {
    expect([10, 20].map((value) => accepted(size, value))).toEqual([10, 20]);
  });

  test.each([9, 21, -1, Number.MAX_SAFE_INTEGER])(
    "readValue() refuses %d with the bounds and the default",
    (value) => {
      expect(complaint(size, value)).toBe(
        `"a.theOption" is ${value}, must be at least 10 and at most 20 bytes; try 15 (CONFIG.md#theoption)`,
      );
    },
  );

  test.each([
    [12.5, "12.5"],
    [Number.NaN, "NaN"],
    [Number.POSITIVE_INFINITY, "Infinity"],
    [12n, "12n"],
    [null, "null"],
    [[12], "an array"],
    [{}, "an object"],
  ])("readValue() refuses %o as no integer", (value, text) => {
    expect(complaint(size, value)).toBe(
      `"a.theOption" is ${text}, must be an integer from 10 to 20 bytes; try 15 (CONFIG.md#theoption)`,
    );
  });

  test("readValue() advises to take the quotes away from a number", () => {
    expect(complaint(size, "12")).toBe(
      '"a.theOption" is "12", must be an integer from 10 to 20 bytes; write it without quotes (CONFIG.md#theoption)',
    );
  });

  test("readValue() says where to read more when there is nothing to try", () => {
    expect(complaint({ type: "integer", minimum: 1 }, 0)).toBe(
      '"a.theOption" is 0, must be at least 1; see CONFIG.md#theoption',
    );
  });

  test("readValue() writes file modes in octal: 644 without 0o is a slip", () => {
    const mode = { type: "integer", radix: 8, minimum: 0, maximum: 0o777, default: 0o666 } as const;
    expect(accepted(mode, 0o644)).toBe(0o644);
    expect(complaint(mode, 644)).toBe(
      '"a.theOption" is 644, must be at least 0o0 and at most 0o777; try 0o666 (CONFIG.md#theoption)',
    );
  });

  test("readValue() takes fractions for a number, but nothing that is not finite", () => {
    const factor = { type: "number", minimum: 1, maximum: 2 } as const;
    expect(accepted(factor, 1.5)).toBe(1.5);
    expect(complaint(factor, Number.NaN)).toContain("must be a number from 1 to 2");
    expect(complaint(factor, 2.5)).toContain("must be at least 1 and at most 2");
  });
});

describe("readValue of words and text", () => {
  const mode = {
    type: "enum",
    values: ["append", "truncate"],
    aliases: { a: "append", w: "truncate" },
    default: "append",
  } as const;

  test("readValue() takes values as they are and aliases for what they stand for", () => {
    expect(["append", "truncate", "a", "w"].map((word) => accepted(mode, word))).toEqual([
      "append",
      "truncate",
      "append",
      "truncate",
    ]);
  });

  test("readValue() suggests the word that is near, else the default", () => {
    expect(complaint(mode, "Append")).toBe(
      '"a.theOption" is "Append", must be one of "append", "truncate", "a", "w"; did you mean "append"? (CONFIG.md#theoption)',
    );
    expect(complaint(mode, "overwrite")).toContain('; try "append" (CONFIG.md#theoption)');
  });

  test.each(["constructor", "__proto__", "toString"])("readValue() takes no word from Object: %s", (word) => {
    expect(complaint(mode, word)).toContain("must be one of");
  });

  test("readValue() takes any string, the empty one only where it makes sense", () => {
    expect(accepted({ type: "string" }, "")).toBe("");
    expect(accepted({ type: "string", notEmpty: true }, " ")).toBe(" ");
    expect(complaint({ type: "string", notEmpty: true }, "")).toContain("must be a string that is not empty");
    expect(complaint({ type: "string" }, 5)).toContain("must be a string");
  });

  test("readValue() takes no words and numbers for a boolean", () => {
    expect(accepted({ type: "boolean" }, false)).toBe(false);
    expect(complaint({ type: "boolean" }, "true")).toContain(
      "must be true or false; write it without quotes",
    );
    expect(complaint({ type: "boolean" }, 1)).toContain("must be true or false; see");
  });
});

describe("readValue of levels", () => {
  test.each([
    ["TRACE", 1],
    ["info", 9],
    ["WARNING", 13],
    ["FATAL", 21],
    [17, 17],
    ["OFF", 25],
    ["NOTSET", 0],
  ])("readValue() makes of level %o severity %i", (level, severity) => {
    expect(accepted({ type: "level" }, level)).toBe(severity);
  });

  test("readValue() takes Python's numbers only where the option says so", () => {
    expect(accepted({ type: "level", numbers: "python" }, 20)).toBe(9);
    expect(accepted({ type: "level" }, 20)).toBe(20);
    expect(accepted({ type: "level", numbers: "python" }, "INFO")).toBe(9);
    expect(complaint({ type: "level" }, 30)).toContain("severity number from 1 to 24");
    expect(complaint({ type: "level", numbers: "python" }, -1)).toContain("20 INFO, 30 WARNING");
  });

  test("readValue() suggests the level that is near", () => {
    expect(complaint({ type: "level" }, "eror")).toContain('did you mean "ERROR"?');
  });
});

describe("readValue of paths and URLs", () => {
  const url = { type: "url", protocols: ["http:", "https:"], default: "http://localhost:4318/" } as const;

  test("readValue() makes a path absolute", () => {
    expect(accepted({ type: "path" }, "logs/app.log")).toBe(join(process.cwd(), "logs", "app.log"));
  });

  test("readValue() takes a file URL as object and as text", () => {
    const path = join(process.cwd(), "a b.log");
    expect(accepted({ type: "path" }, pathToFileURL(path))).toBe(path);
    expect(accepted({ type: "path" }, pathToFileURL(path).href)).toBe(path);
  });

  test.each(["", "a\0b", 5, new URL("http://host/app.log"), "file://%00", null])(
    "readValue() refuses %o as a path",
    (value) => {
      expect(complaint({ type: "path" }, value)).toContain("must be a path or a file: URL");
    },
  );

  test("readValue() takes a URL as text and as object and returns text", () => {
    expect(accepted(url, "HTTPS://Collector:4318")).toBe("https://collector:4318/");
    expect(accepted(url, new URL("http://collector/v1/logs"))).toBe("http://collector/v1/logs");
  });

  test.each(["collector:4318", "localhost", "ftp://collector/", "http://", 4318])(
    "readValue() refuses %o as a URL",
    (value) => {
      expect(complaint(url, value)).toContain(
        'must be a URL that starts with http:// or https://; try "http://localhost:4318/" (CONFIG.md#theoption)',
      );
    },
  );

  test("readValue() shows neither the password nor the query of a refused URL", () => {
    const [problem] = problems(url, "ftp://user:hunter2@host/logs?key=hunter3");
    expect(problem?.value).toBe("ftp://[hidden]@host/logs?[hidden]");
  });
});

describe("readValue of headers", () => {
  const headers = { type: "headers", default: {} } as const;

  test("readValue() puts names in lower case and skips what is undefined", () => {
    expect(accepted(headers, { "X-Tenant": "a", authorization: undefined })).toEqual({ "x-tenant": "a" });
  });

  test("readValue() names each bad header and hides its value", () => {
    const value = { "a b": "hunter2", authorization: "hunter3\r\nHost: evil", "x-count": 5 };
    expect(complaint(headers, value).split("\n")).toEqual([
      '"a.theOption.a b" is "[hidden string]", must have a name of letters, digits and !#$%&\'*+-.^_`|~; see CONFIG.md#theoption',
      '"a.theOption.authorization" is "[hidden string]", must be Latin-1 text without line breaks and other control characters; see CONFIG.md#theoption',
      '"a.theOption.x-count" is "[hidden number]", must be a string; see CONFIG.md#theoption',
    ]);
    expect(JSON.stringify(problems(headers, value))).not.toContain("hunter");
  });

  test("readValue() hides text that is given in place of headers", () => {
    expect(complaint(headers, "authorization=hunter2")).toBe(
      '"a.theOption" is "[hidden string]", must be an object of header names and string values; see CONFIG.md#theoption',
    );
  });
});

describe("readValue of custom options", () => {
  test("readValue() takes what the guard accepts, false too, and names the rest by its kind", () => {
    const flag = {
      type: "custom",
      expected: "a flag",
      accepts: (value: unknown) => value === false,
    } as const;
    expect(accepted(flag, false)).toBe(false);
    expect(complaint(flag, {})).toBe('"a.theOption" is an object, must be a flag; see CONFIG.md#theoption');
  });
});
