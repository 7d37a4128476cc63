import { describe, expect, test } from "vitest";

import { setTroubleListener } from "../../src/diagnostics.ts";
import type { OptionDescription, OptionTable } from "../../src/options/description.ts";
import { describeAccepted } from "../../src/options/explain.ts";
import { readValue } from "../../src/options/read-value.ts";
import { OPTION_TABLES } from "../../src/options/tables.ts";
import { resolveOptions } from "../../src/options/validate.ts";

/** What a table of `as const` cannot be held to by the compiler: fields that are misspelt are simply more fields. */
const fieldsOfAll = [
  "type",
  "description",
  "required",
  "default",
  "computedDefault",
  "environment",
  "fromEnvironment",
  "leavesToEnvironment",
  "atMost",
  "excludes",
  "secret",
  "environmentOnly",
  "alsoKnownAs",
];
const fieldsByType: Readonly<Record<OptionDescription["type"], readonly string[]>> = {
  integer: ["minimum", "maximum", "unit", "radix"],
  number: ["minimum", "maximum", "unit"],
  string: ["notEmpty"],
  boolean: [],
  enum: ["values", "aliases", "adviceFor"],
  path: [],
  url: ["protocols", "takesHostAndPort"],
  headers: [],
  level: ["numbers"],
  group: ["table"],
  custom: ["expected", "accepts", "faultIn"],
};

const options = OPTION_TABLES.flatMap(({ taker, table }) =>
  Object.entries(table).map(([name, option]) => ({ taker, table, name, option })),
);

/** A value for each option that must be given. */
const requiredValues: Readonly<Record<string, unknown>> = {
  path: "app.log",
  directory: "queue",
  url: "http://localhost/",
  name: "shop",
  key: "tenant",
  count: 10,
  target: { keep: () => {} },
};

/** The longest time that a timer of Node can wait for. */
const timerMillisMax = 2 ** 31 - 1;

function namesIn(table: OptionTable, names: readonly (string | undefined)[]): boolean {
  return names.every((name) => name === undefined || Object.hasOwn(table, name));
}

describe.each(options)("$taker $name", ({ table, name, option }) => {
  test("has no field that its type does not know", () => {
    const known = [...fieldsOfAll, ...fieldsByType[option.type]];
    expect(Object.keys(option).filter((field) => !known.includes(field))).toEqual([]);
  });

  test("has a description that ends, and one way to be set", () => {
    expect(option.description).toMatch(/^.+\.$/s);
    const ways = [option.required, option.default, option.computedDefault].filter((way) => way !== undefined);
    expect(ways).toHaveLength(1);
  });

  test("has a default that it would accept itself", () => {
    if (option.default === undefined || option.type === "group") return;
    expect(readValue(option, { name, path: name, value: option.default })).toMatchObject({ ok: true });
  });

  test("names only options that are there", () => {
    expect(namesIn(table, [option.atMost, ...(option.excludes ?? [])])).toBe(true);
  });

  test("has no name that a builder needs", () => {
    expect(["build", "tryBuild", "then"]).not.toContain(name);
  });

  test("is found in the environment, so it need not be required and is no object", () => {
    if (!option.environment?.length) return;
    expect(option.required).toBeUndefined();
    expect(["custom", "group"]).not.toContain(option.type);
  });

  test("has a time that a timer can wait for, and its unit in its name", () => {
    const isMillis = name.endsWith("Millis");
    expect("unit" in option && option.unit === "ms").toBe(isMillis);
    // An age is compared, and not waited for.
    if (option.type === "integer" && isMillis && name !== "maxAgeMillis")
      expect(option.maximum).toBeLessThanOrEqual(timerMillisMax);
  });

  test("says what it accepts without saying undefined", () => {
    expect(describeAccepted(option)).toMatch(/^(?!.*undefined).+$/);
  });
});

describe("OPTION_TABLES", () => {
  test("the defaults of each table hold together", () => {
    const told: string[] = [];
    setTroubleListener(({ message }) => told.push(message));
    for (const { taker, table } of OPTION_TABLES) {
      const required = Object.entries<OptionDescription>(table).filter(([, option]) => option.required);
      const given = Object.fromEntries(required.map(([name]) => [name, requiredValues[name]]));
      expect(Object.keys(resolveOptions(table, given, { subject: taker, env: {} }))).toEqual(
        Object.keys(table),
      );
    }
    setTroubleListener(undefined);
    expect(told).toEqual([]);
  });
});
