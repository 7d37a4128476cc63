import { expect, test } from "vitest";

import { deliveryTimesOf } from "../../src/handlers/otlp-times.ts";

test.each([
  ["nothing", {}, [10_000, 300_000, false]],
  ["retryTimeoutMillis", { retryTimeoutMillis: 0 }, [10_000, 0, false]],
  ["timeoutMillis", { timeoutMillis: 5_000 }, [5_000, 0, true]],
  ["timeoutMillis 0: nothing bounds the batch", { timeoutMillis: 0 }, [0, 0, true]],
  ["both", { timeoutMillis: 5_000, retryTimeoutMillis: 60_000 }, [5_000, 60_000, true]],
])(
  "deliveryTimesOf() where is given: %s",
  (_name, given, [timeoutMillis, retryTimeoutMillis, isTimeoutForBatch]) => {
    expect(deliveryTimesOf(given)).toEqual({ timeoutMillis, retryTimeoutMillis, isTimeoutForBatch });
  },
);
