import { expect, test } from "vitest";

import { expectedRecord } from "../../../examples/shop/expected-record.ts";
import type { RememberedCall } from "../../../examples/shop/remembered-calls.ts";

function callOf(values: readonly unknown[], fields: Partial<RememberedCall> = {}): RememberedCall {
  return {
    logger: "shop",
    level: "INFO",
    values,
    eventName: undefined,
    around: {},
    span: undefined,
    ...fields,
  };
}

test("expectedRecord() fills named holes and keeps all attributes", () => {
  const call = callOf(["{quantity} of {sku}", { quantity: 2, sku: "kite", left: 1.5 }]);
  expect(expectedRecord(call, 7)).toEqual({
    logger: "shop",
    level: "INFO",
    message: "2 of kite",
    eventName: undefined,
    traceId: undefined,
    spanId: undefined,
    attributes: { quantity: 2, sku: "kite", left: 1.5, seq: 7 },
  });
});

test("expectedRecord() fills % holes, which are no attributes", () => {
  const { message, attributes } = expectedRecord(callOf(["attempt %d of %d", 1, 2, { amount: 3 }]), 0);
  expect({ message, attributes }).toEqual({ message: "attempt 1 of 2", attributes: { amount: 3, seq: 0 } });
});

test("expectedRecord() makes lazy attributes", () => {
  expect(expectedRecord(callOf(["cart", () => ({ size: 2 })]), 0).attributes).toEqual({ size: 2, seq: 0 });
});

test("expectedRecord() lets the attributes of the call win over those around it", () => {
  const call = callOf(["a", { bank: "south" }], { around: { bank: "north", tenant: "acme" } });
  expect(expectedRecord(call, 0).attributes).toEqual({ bank: "south", tenant: "acme", seq: 0 });
});

test("expectedRecord() gives an event its name in place of a message", () => {
  const { message, eventName } = expectedRecord(callOf([{ orderId: 7 }], { eventName: "order.paid" }), 0);
  expect({ message, eventName }).toEqual({ message: undefined, eventName: "order.paid" });
});

test("expectedRecord() takes the ids of the span", () => {
  const span = { traceId: "0af7651916cd43dd8448eb211c80319c", spanId: "b7ad6b7169203331", traceFlags: 1 };
  const { traceId, spanId } = expectedRecord(callOf(["a"], { span }), 0);
  expect({ traceId, spanId }).toEqual({ traceId: span.traceId, spanId: span.spanId });
});

test("expectedRecord() describes an error with its causes, and takes its message where there is no template", () => {
  const cause = Object.assign(new TypeError("inner"), { code: 5 });
  const error = new Error("outer", { cause });
  const { message, attributes } = expectedRecord(callOf([error]), 0);
  expect(message).toBe("outer");
  expect(attributes).toEqual({
    "exception.type": "Error",
    "exception.message": "outer",
    "exception.stacktrace": `${error.stack}\n[cause]: ${cause.stack}`,
    "exception.causes": [
      { type: "TypeError", message: "inner", stacktrace: cause.stack, properties: { code: 5 } },
    ],
    seq: 0,
  });
});
