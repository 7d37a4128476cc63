import { expect, test } from "vitest";

import { sumOutcomes } from "../../../exporters/otlp/sum-outcomes.ts";
import type { SendOutcome } from "../../../exporters/sender.ts";
import { ExportError } from "../../../src/errors.ts";

const taken: SendOutcome = { delivered: 4, rejected: 0, failed: 0, reason: undefined, error: undefined };

function lost(failed: number, reason: string, retryable = false): SendOutcome {
  const error = new ExportError(`status ${reason}`, { retryable });
  return { delivered: 0, rejected: 0, failed, reason, error };
}

test("sumOutcomes() adds the records up, and gives the reason that most were lost for", () => {
  const rejected = { ...taken, delivered: 1, rejected: 3, reason: "rejected" };
  expect(sumOutcomes([taken, lost(2, "413"), rejected, lost(2, "413")])).toMatchObject({
    delivered: 5,
    rejected: 3,
    failed: 4,
    reason: "413",
  });
});

test("sumOutcomes() says three different errors, and counts the others", () => {
  const { error } = sumOutcomes([400, 400, 401, 402, 403, 404].map((status) => lost(1, String(status))));
  expect(error?.message).toBe(
    "status 400; and: status 401; and: status 402; and 2 more of the requests of this batch",
  );
});

test.each([
  ["all may succeed later", [lost(1, "503", true), lost(1, "timeout", true)], true],
  ["one has arrived", [taken, lost(1, "503", true)], false],
  ["one was refused for good", [lost(1, "503", true), lost(1, "400")], false],
])("sumOutcomes(): when %s, the error's retryable is right", (_name, outcomes, retryable) => {
  expect(sumOutcomes(outcomes).error).toMatchObject({ retryable });
});
