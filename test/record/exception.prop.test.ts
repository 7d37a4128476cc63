import * as fc from "fast-check";
import { expect, test } from "vitest";

import { describeException } from "../../src/record/exception.ts";

const limits = { stackUnitsMax: 100, messageUnitsMax: 50, relativesMax: 3, propertiesMax: 5 };

const anything = fc.anything({
  withBigInt: true,
  withDate: true,
  withMap: true,
  withNullPrototype: true,
  withObjectString: true,
  withSparseArray: true,
});

/** Errors whose standard properties hold anything, and each other. */
const thrown = fc.letrec<{ readonly error: unknown }>((tie) => ({
  error: fc
    .record(
      {
        name: anything,
        message: anything,
        stack: anything,
        cause: fc.oneof({ maxDepth: 5 }, anything, tie("error")),
        errors: fc.oneof({ maxDepth: 5 }, anything, fc.array(tie("error"), { maxLength: 4 })),
      },
      { requiredKeys: [] },
    )
    .map((properties) => Object.assign(new Error("original"), properties)),
})).error;

test("describeException() stays within its limits whatever was thrown", () => {
  fc.assert(
    fc.property(fc.oneof(anything, thrown), (error) => {
      const {
        type,
        message,
        stacktrace = "",
        causes,
        errors,
        properties = {},
      } = describeException(error, limits);
      expect(type.length).toBeLessThanOrEqual(256);
      expect(type).not.toBe("");
      expect(message.length).toBeLessThanOrEqual(50);
      expect(stacktrace.length).toBeLessThanOrEqual(100);
      expect(causes.length).toBeLessThanOrEqual(3);
      expect(errors.length).toBeLessThanOrEqual(3);
      expect(Object.keys(properties).length).toBeLessThanOrEqual(5);
    }),
  );
});
