import { assert, property, uint8Array } from "fast-check";
import { expect, test } from "vitest";

import { retryDelayMillis } from "../../../exporters/otlp-grpc/retry-info.ts";
import { field, number } from "../../proto/hand-made.ts";

const type = field(1, "type.googleapis.com/google.rpc.RetryInfo");
const detail = (duration: Uint8Array): Buffer => field(3, type, field(2, field(1, duration)));

test.each([
  ["seconds and nanos", Buffer.concat([number(1, 2), number(2, 500_000_000)]), 2500],
  ["nanos", number(2, 1_000_000), 1],
  ["nothing", Buffer.alloc(0), 0],
  ["less than nothing", number(1, -5n), 0],
  ["more than a number holds exactly", number(1, 9_000_000_000_000_000_000n), Number.MAX_SAFE_INTEGER],
])("retryDelayMillis() reads a delay of %s", (_name, duration, millis) => {
  expect(retryDelayMillis(Buffer.concat([number(1, 8), field(2, "slow down"), detail(duration)]))).toBe(
    millis,
  );
});

test("retryDelayMillis() finds the RetryInfo among other details", () => {
  const other = field(3, field(1, "type.googleapis.com/google.rpc.ErrorInfo"), field(2, field(1, "x")));
  expect(retryDelayMillis(Buffer.concat([other, detail(number(1, 1)), other]))).toBe(1000);
  expect(retryDelayMillis(other)).toBeUndefined();
  expect(retryDelayMillis(field(3, type))).toBe(0);
  expect(retryDelayMillis(undefined)).toBeUndefined();
});

test("retryDelayMillis() never throws, and gives nothing or a wait", () => {
  assert(
    property(uint8Array({ maxLength: 64 }), (bytes) => {
      const millis = retryDelayMillis(bytes) ?? 0;
      expect(millis >= 0 && millis <= Number.MAX_SAFE_INTEGER).toBe(true);
    }),
  );
  expect(retryDelayMillis(Buffer.of(0x1a, 0x7f))).toBeUndefined();
});
