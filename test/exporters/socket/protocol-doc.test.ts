import { readFileSync } from "node:fs";
import { expect, test } from "vitest";

import * as names from "../../../exporters/socket/record-fields.ts";
import { readPayload } from "../../../src/receiver/socket/read-payload.ts";
import { recordOf, resourceOf, scopeOf, shapeOf } from "../../proto/otlp-records.ts";
import { payloadsOf, rendererOf } from "./frames-of.ts";

const text = readFileSync(new URL("../../../docs/socket-protocol.md", import.meta.url), "utf8");

function bytesOfExample(): Buffer {
  const [, digits = ""] = /```hex\n([^`]*)```/.exec(text) ?? [];
  return Buffer.from(digits.replaceAll(/\s/g, ""), "hex");
}

test("the bytes in docs/socket-protocol.md are those that the handler sends", () => {
  const { renderer } = rendererOf("msgpack");
  const scope = scopeOf("shop.pay", { resource: resourceOf({ "service.name": "shop" }) });
  const shape = shapeOf({ scope, template: "Order {orderId} is paid", keys: ["orderId"] });
  renderer.add(recordOf({ shape, values: [7], millis: 1_700_000_000_123 }));
  expect(Buffer.from(renderer.finish()).toString("hex")).toBe(bytesOfExample().toString("hex"));
});

test("the bytes in docs/socket-protocol.md are a record with the fields that it tells of", () => {
  const [payload = Buffer.alloc(0)] = payloadsOf(bytesOfExample());
  expect(readPayload(payload)).toEqual({
    logger: "shop.pay",
    level: "INFO",
    message: "Order 7 is paid",
    timestamp_ns: 1_700_000_000_123_000_000n,
    thread_id: 0,
    key_values: { orderId: 7 },
    severity_number: 9,
    template: "Order {orderId} is paid",
    resource: { "service.name": "shop" },
  });
});

test("docs/socket-protocol.md describes each field", () => {
  const fields = Object.entries(names).filter(([name]) => name.endsWith("_FIELD"));
  expect(fields.length).toBeGreaterThan(15);
  for (const [, field] of fields) expect(text).toContain(`\`${String(field)}\``);
});
