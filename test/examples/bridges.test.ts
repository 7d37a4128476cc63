import { expect, test } from "vitest";

import { makeFolder, readLines, runExample } from "./run-example.ts";

test("bridges/process.ts has what was printed, warned of and thrown in its file, and ends as without", async () => {
  const folder = await makeFolder();
  const result = await runExample({ path: "bridges/process.ts", folder });
  expect(result).toMatchObject({ exitCode: 1, signal: null, stdout: "order 7\norders: 1\n" });
  expect(result.stderr).toContain("  Only 2 of kite left\n");
  expect(result.stderr).toContain("[SHOP1] DeprecationWarning: sell() is old");
  expect(result.stderr).toContain("TypeError: no stock");
  const lines = await readLines(folder, "app.jsonl");
  expect(lines).toMatchObject([
    { level: "group", logger: "console", msg: "order 7" },
    { level: "warn", severity: 13, msg: "Only 2 of kite left", "console.group": ["order 7"] },
    { level: "count", msg: "orders: 1", "console.label": "orders", "console.count": 1 },
    { level: "DeprecationWarning", severity: 13, msg: "sell() is old", "warning.code": "SHOP1" },
    { level: "CRITICAL", severity: 21, msg: "Uncaught exception", "exception.message": "no stock" },
  ]);
});

test("bridges/libraries.ts has the records of each library in its file", async () => {
  const folder = await makeFolder();
  expect(await runExample({ path: "bridges/libraries.ts", folder })).toMatchObject({
    exitCode: 0,
    stdout: "",
    stderr: "",
  });
  expect(await readLines(folder, "app.jsonl")).toMatchObject([
    { level: "DEBUG", logger: "express.router", msg: "use /orders", "debug.namespace": "express:router" },
    { level: "INFO", logger: "shop.order", event: "shop:order", msg: "Order is paid", order: 7 },
    { level: "warn", logger: "shop.cart", msg: "Only a few kites left", tenant: "north", left: 2 },
    { level: "ERROR", logger: "shop.checkout", "exception.type": "TypeError" },
  ]);
});

test("bridges/spans.ts has a record of start, event and end, all with the ids of the span", async () => {
  const folder = await makeFolder();
  const { exitCode } = await runExample({
    path: "bridges/spans.ts",
    folder,
    env: { OTEL_METRICS_EXPORTER: "none", OTEL_LOGS_EXPORTER: "none" },
  });
  expect(exitCode).toBe(0);
  const lines = await readLines(folder, "app.jsonl");
  expect(lines).toMatchObject([
    { level: "DEBUG", msg: "Span started: charge" },
    { level: "INFO", event: "card.read", brand: "north" },
    { level: "DEBUG", msg: "Span ended: charge", "otel.scope.name": "shop" },
  ]);
  expect(new Set(lines.map((line) => line["span_id"])).size).toBe(1);
  expect(lines[0]?.["span_id"]).toMatch(/^[0-9a-f]{16}$/);
});
