import { expect, test } from "vitest";
import type { Line } from "../run-example.ts";
import { linesOfRequest, runShop, shopRequest } from "./shops.ts";

const GOOD = Array.from({ length: 40 }, (_, index) => shopRequest(index + 1));
const BAD = [shopRequest(-1), shopRequest(-2)];
const REQUESTS = [...GOOD, ...BAD];

/** The texts of lines with their loggers. */
function said(lines: readonly Line[]): string[] {
  return lines.map(({ logger, msg }) => `${String(logger)}: ${String(msg)}`);
}

function expectException(lines: readonly Line[], orderId: number): void {
  const failed = lines.filter(({ level }) => level === "ERROR");
  expect(failed).toMatchObject([
    { "exception.type": "RangeError", "exception.message": `There is no order ${orderId}` },
  ]);
}

test("fastify.ts: 42 requests at the same time, each with its own id, trace and user on every record", async () => {
  const { statuses, lines } = await runShop("fastify", REQUESTS);
  expect(statuses).toEqual(REQUESTS.map(({ orderId }) => (orderId < 0 ? 500 : 200)));
  for (const request of GOOD) {
    const own = linesOfRequest(lines, request);
    expect(said(own)).toEqual([
      "fastify: incoming request",
      "fastify: asked to pay",
      `shop.orders: Paying order ${request.orderId}`,
      `shop.orders: Order ${request.orderId} is paid`,
      "fastify: request completed",
    ]);
    expect(own[0]).toMatchObject({ reqId: request.requestId, req: { method: "POST", url: "/pay" } });
    expect(own[4]).toMatchObject({ reqId: request.requestId, res: { statusCode: 200 } });
  }
  for (const request of BAD) expectException(linesOfRequest(lines, request), request.orderId);
});

test("express.ts: 42 requests at the same time, each with its own id, trace and user on every record", async () => {
  const { statuses, lines } = await runShop("express", REQUESTS);
  expect(statuses).toEqual(REQUESTS.map(({ orderId }) => (orderId < 0 ? 500 : 200)));
  for (const request of GOOD) {
    expect(said(linesOfRequest(lines, request))).toEqual([
      `shop.orders: Paying order ${request.orderId}`,
      `shop.orders: Order ${request.orderId} is paid`,
      "shop.http: POST /pay: 200",
    ]);
  }
  for (const request of BAD) expectException(linesOfRequest(lines, request), request.orderId);
  expect(lines).toHaveLength(GOOD.length * 3 + BAD.length * 3);
});

test("nest.ts: what Nest logs, and 42 requests at the same time with their own ids", async () => {
  const { statuses, lines } = await runShop("nest", REQUESTS);
  expect(statuses).toEqual(REQUESTS.map(({ orderId }) => (orderId < 0 ? 500 : 200)));
  expect(said(lines.slice(0, 3))).toEqual([
    "nest.NestFactory: Starting Nest application...",
    "nest.InstanceLoader: OrdersModule dependencies initialized",
    "nest.OrdersModule: Orders are taken",
  ]);
  for (const request of GOOD) {
    const own = linesOfRequest(lines, request);
    expect(said(own)).toEqual([
      `nest.OrdersService: Order ${request.orderId} came in`,
      `shop.orders: Paying order ${request.orderId}`,
      `shop.orders: Order ${request.orderId} is paid`,
      "nest.OrdersService: undefined",
      "shop.http: POST /pay: 200",
    ]);
    expect(own[3]).toMatchObject({ level: "DEBUG", orderId: request.orderId, isPaid: true });
  }
  for (const request of BAD) expectException(linesOfRequest(lines, request), request.orderId);
});
