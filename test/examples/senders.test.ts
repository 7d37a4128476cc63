import { expect, onTestFinished, test } from "vitest";

import { HttpRecords } from "../support/http-records.ts";
import { parseMessage } from "../support/syslog-messages.ts";
import { StreamServer } from "../support/syslog-server.ts";
import { runExample } from "./run-example.ts";

const QUIET = { exitCode: 0, signal: null, stdout: "", stderr: "" };

test("http.ts sends a batch as JSON, and an error as a form", async () => {
  const server = await HttpRecords.start();
  onTestFinished(() => server.stop());
  expect(await runExample({ path: "http.ts", env: { LOG_URL: server.url } })).toEqual(QUIET);
  const [batches, forms] = [true, false].map((isBatch) =>
    server.records.filter((record) => Object.hasOwn(record, "time") === isBatch),
  );
  expect(batches).toMatchObject([
    { level: "INFO", logger: "shop.checkout", msg: "Order 7 is paid", orderId: 7 },
    { level: "ERROR", logger: "shop.checkout", msg: "Order 8 is lost", orderId: 8 },
  ]);
  expect(forms).toMatchObject([
    { levelname: "ERROR", name: "shop.checkout", msg: "Order 8 is lost", orderId: "8" },
  ]);
});

test("syslog.ts sends a message with structured data", async () => {
  const server = await StreamServer.start();
  onTestFinished(() => server.stop());
  expect(await runExample({ path: "syslog.ts", env: { SYSLOG_PORT: String(server.port) } })).toEqual(QUIET);
  expect((await server.received(1)).map(parseMessage)).toMatchObject([
    {
      facility: 16,
      severity: 4,
      data: {
        "shop@32473": [
          ["logger", "shop.checkout"],
          ["orderId", "7"],
          ["days", "3"],
        ],
      },
      msg: "Order 7 is late",
    },
  ]);
});
