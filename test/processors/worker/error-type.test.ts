import { expect, test } from "vitest";

import { errorTypeOf } from "../../../processors/worker/error-type.ts";

class QuotaError extends Error {
  override readonly name = "QuotaError";
}

test.each([
  ["a code of the system", Object.assign(new Error("x"), { code: "EPIPE" }), "EPIPE"],
  ["a status as code", Object.assign(new Error("x"), { code: 503 }), "503"],
  ["a class of its own", new QuotaError("x"), "QuotaError"],
  ["a plain error", new Error("x"), "_OTHER"],
  ["an empty code", Object.assign(new TypeError("x"), { code: "" }), "TypeError"],
  ["a text", "broken", "_OTHER"],
  ["nothing", undefined, "_OTHER"],
])("errorTypeOf() of %s", (_what, error, expected) => {
  expect(errorTypeOf(error)).toBe(expected);
});
