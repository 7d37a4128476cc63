import { expect, test } from "vitest";

import { currentEnvironment, withEnvironment } from "../../src/options/current-environment.ts";
import { resolveOptions } from "../../src/options/validate.ts";

const TABLE = {
  size: { type: "integer", minimum: 1, default: 5, environment: ["SIZE"], description: "A size." },
} as const;

test("withEnvironment() has options read other variables, as long as it runs", () => {
  const read = (): number => resolveOptions(TABLE, {}, { subject: "it" }).size;
  expect(withEnvironment({ SIZE: "7" }, read)).toBe(7);
  expect(read()).toBe(5);
});

test("withEnvironment() inside of another puts that one back", () => {
  const seen = withEnvironment({ A: "1" }, () => {
    withEnvironment({ A: "2" }, () => {});
    return currentEnvironment();
  });
  expect(seen).toEqual({ A: "1" });
});

test("withEnvironment() puts the variables of the process back when what runs throws", () => {
  expect(() =>
    withEnvironment({}, () => {
      throw new Error("broken");
    }),
  ).toThrow("broken");
  expect(currentEnvironment()).toBe(process.env);
});
