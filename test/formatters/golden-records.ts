import type { RecordCursor } from "../../processors/shape/record-cursor.ts";
import { makeRecord, makeShape, SPAN, type RecordInput } from "./make-record.ts";

const RESOURCE = {
  "service.name": "shop",
  "service.version": "1.4.2",
  "deployment.environment.name": "prod",
  "host.name": "web-1",
};

const INPUTS: Readonly<Record<string, RecordInput>> = {
  /** A message with holes, and an attribute that it does not show. */
  plain: {
    template: "Order {id} took {ms} ms",
    logger: "shop.checkout",
    attributes: { id: 7, ms: 2.5, user: "Jane Doe" },
    millis: Date.UTC(2026, 10, 22, 17, 28, 6, 123),
  },
  /** Everything a record can have, and names that formats keep for themselves. */
  full: {
    template: 'paid "in full"',
    logger: "shop.checkout",
    severityNumber: 13,
    severityText: "WARN",
    eventName: "order.paid",
    span: SPAN,
    attributes: {
      "http.response.status_code": 200,
      ok: true,
      none: null,
      cart: { items: [1, "two"], sum: 9.5 },
      big: 2n ** 53n + 1n,
      message: "an attribute",
      id: "a7",
      "code.file.path": "src/pay.ts",
      "code.line.number": 42,
      "code.function.name": "pay",
    },
    extras: { tenant: "eu", "shopping cart": "#1", level: 5, time: "noon" },
    droppedCount: 2,
  },
  /** An exception. */
  exception: {
    template: "payment failed",
    logger: "shop.checkout",
    severityNumber: 17,
    severityText: "ERROR",
    attributes: {
      "exception.type": "PaymentError",
      "exception.message": 'card "1" refused',
      "exception.stacktrace": 'PaymentError: card "1" refused\n    at pay (src/pay.ts:42:9)',
    },
  },
  /** A body that is no text, from the root logger, at the highest level. */
  value: {
    body: "value",
    arguments: [{ state: "down", since: 3 }],
    logger: "",
    severityNumber: 21,
    severityText: "CRITICAL",
  },
  /** An event without a body, without a severity. */
  event: { body: "none", eventName: "session.start", severityNumber: 0, severityText: "" },
};

/** Names of the records that golden files tell of. */
export const GOLDEN_RECORDS: readonly string[] = Object.keys(INPUTS);

/** The record of a name, as the service "shop" on the host "web-1" logs it. */
export function goldenRecord(name: string): RecordCursor {
  const input = INPUTS[name];
  if (input === undefined) throw new RangeError(`there is no golden record "${name}"`);
  const shape = makeShape(input);
  shape.scope.resource = { attributes: RESOURCE, schemaUrl: undefined, pending: false };
  return makeRecord(input, shape);
}
