import { readFile } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";

import { OtlpReceiver } from "../../src/receiver/receiver.ts";
import { recordsInOtlpLines } from "../support/otlp-lines.ts";
import { linesOf, makeFolder, readLines, runExample, type Line } from "./run-example.ts";

const QUIET = { exitCode: 0, signal: null, stdout: "", stderr: "" };

/** A line without what differs from run to run. */
function timeless({ time: _time, ...rest }: Line): Line {
  return rest;
}

test("quickstart.ts writes what its level lets through to stderr, as JSON where that is no terminal", async () => {
  const { stderr, ...rest } = await runExample({ path: "quickstart.ts" });
  expect(rest).toEqual({ exitCode: 0, signal: null, stdout: "" });
  expect(linesOf(stderr).map(timeless)).toEqual([
    {
      level: "INFO",
      severity: 9,
      logger: "shop.checkout",
      msg: "Order 7 took 12.5 ms",
      orderId: 7,
      ms: 12.5,
    },
    {
      level: "WARN",
      severity: 13,
      logger: "shop.checkout",
      msg: "Only 2 of kite left",
      left: 2,
      sku: "kite",
      shelf: "B4",
    },
  ]);
});

test("quickstart.ts writes the time of the call in UTC, to the microsecond", async () => {
  const before = Date.now();
  const { stderr } = await runExample({ path: "quickstart.ts" });
  const [line] = linesOf(stderr);
  expect(line?.["time"]).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/);
  const millis = Date.parse(String(line?.["time"]));
  expect(millis).toBeGreaterThanOrEqual(before);
  expect(millis).toBeLessThanOrEqual(Date.now());
});

test("file-handler.ts makes the folder and the file, and counts what it delivered", async () => {
  const folder = await makeFolder();
  const result = await runExample({ path: "file-handler.ts", folder });
  expect(result).toEqual({ ...QUIET, stdout: "{ emitted: 1, delivered: 1, droppedTotal: 0 }\n" });
  expect((await readLines(folder, "logs/app.jsonl")).map(timeless)).toEqual([
    { level: "INFO", severity: 9, logger: "shop", msg: "Order 7 is paid", orderId: 7 },
  ]);
});

test("rotating.ts writes to a file of each kind", async () => {
  const folder = await makeFolder();
  const result = await runExample({ path: "rotating.ts", folder });
  expect(result).toEqual({ ...QUIET, stdout: "1 1\n" });
  for (const path of ["logs/app.log", "logs/audit.log"]) {
    expect((await readLines(folder, path)).map(timeless)).toEqual([
      { level: "INFO", severity: 9, logger: "audit", msg: "Order 7 is paid", orderId: 7 },
    ]);
  }
});

test("resource.ts says what its detectors have found, before the first record", async () => {
  const folder = await makeFolder();
  expect(await runExample({ path: "resource.ts", folder })).toEqual(QUIET);
  const [record] = recordsInOtlpLines(await readFile(join(folder, "logs/shop.jsonl"), "utf8"));
  expect(Object.fromEntries(record!.resource.attributes)).toMatchObject({
    "service.name": "shop",
    "service.version": "1.4.2",
    "cloud.region": "north",
    "host.name": hostname(),
  });
});

test("replay.ts sends what it has written to the collector that the environment names", async () => {
  const receiver = await startReceiver();
  const env = { OTEL_EXPORTER_OTLP_ENDPOINT: new URL(receiver.url).origin };
  const counts =
    "deliveredCount: 1,\n  rejectedCount: 0,\n  skippedLineCount: 0,\n  isAtStart: false,\n  error: undefined";
  expect(await runExample({ path: "replay.ts", env })).toEqual({
    ...QUIET,
    stdout: `{\n  isComplete: true,\n  ${counts}\n}\n`,
  });
  expect(receiver.records).toMatchObject([{ body: "Order 7 is paid", scope: { name: "shop" } }]);
});

test("fingers-crossed.ts writes the records of the request that failed", async () => {
  const folder = await makeFolder();
  expect(await runExample({ path: "fingers-crossed.ts", folder })).toEqual(QUIET);
  expect((await readLines(folder, "requests.jsonl")).map(timeless)).toMatchObject([
    { level: "DEBUG", msg: "Looking for order 2" },
    { level: "ERROR", msg: "Order 2 cannot be paid" },
  ]);
});

test("redaction.ts writes nothing that is secret", async () => {
  const folder = await makeFolder();
  expect(await runExample({ path: "redaction.ts", folder })).toEqual(QUIET);
  expect((await readLines(folder, "logins.jsonl")).map(timeless)).toMatchObject([
    { msg: "Login of Ann", user: "Ann", password: "[Redacted]" },
    {
      msg: "Answer",
      headers: { "Set-Cookie": "[Redacted]", etag: "7" },
      sessions: [{ id: 1, token: "[Redacted]" }],
    },
    { msg: "Ann is back", user: "Ann", token: "[Redacted]" },
  ]);
});

test("attributes.ts puts attributes of calls, loggers and contexts on records", async () => {
  const folder = await makeFolder();
  expect(await runExample({ path: "attributes.ts", folder })).toEqual(QUIET);
  const lines = await readLines(folder, "attributes.jsonl");
  const info = { level: "INFO", severity: 9, logger: "shop.checkout" };
  expect(lines.map(timeless)).toEqual([
    { ...info, msg: "Order 7 is paid", orderId: 7, items: ["kite", "globe"] },
    { ...info, msg: "attempt 1 of 3", bank: "north" },
    { ...info, level: "DEBUG", severity: 5, msg: "Cart 2", size: 2, cart: { kite: 1, globe: 1 } },
    { ...info, event: "order.paid", orderId: 7 },
    { ...info, msg: "Checking out", requestId: "r-17" },
    { ...info, logger: "shop.payment", msg: "Charging 12.5", amount: 12.5, tenant: "acme" },
  ]);
});

test("errors.ts puts type, message, stack and causes of what was thrown on records", async () => {
  const folder = await makeFolder();
  expect(await runExample({ path: "errors.ts", folder })).toEqual(QUIET);
  const lines = await readLines(folder, "errors.jsonl");
  expect(lines.map(({ level, msg }) => `${String(level)} ${String(msg)}`)).toEqual([
    "ERROR Payment of order 7 failed",
    "ERROR Order 7 cannot be charged",
    "WARN Order 7 is tried again",
  ]);
  for (const line of lines) {
    expect(line["exception.type"]).toBe("Error");
    expect(line["exception.message"]).toBe("Order 7 cannot be charged");
    expect(line["exception.stacktrace"]).toMatch(
      /^Error: Order 7 .*\n +at charge .*\n\[cause\]: SyntaxError: .*\n +at /s,
    );
    expect(line["exception.causes"]).toMatchObject([{ type: "SyntaxError" }]);
  }
});

async function startReceiver(): Promise<OtlpReceiver> {
  const receiver = await OtlpReceiver.start();
  onTestFinished(() => receiver.stop());
  return receiver;
}

test("otlp.ts sends to the endpoint, and as the service, that the environment names", async () => {
  const receiver = await startReceiver();
  const env = { OTEL_EXPORTER_OTLP_ENDPOINT: new URL(receiver.url).origin, OTEL_SERVICE_NAME: "shop" };
  expect(await runExample({ path: "otlp.ts", env })).toEqual(QUIET);
  expect(receiver.records).toMatchObject([
    { severityText: "INFO", body: "Order 7 is paid", scope: { name: "shop.checkout" } },
  ]);
  expect(receiver.records[0]?.attributes.get("orderId")).toBe(7n);
  expect(receiver.records[0]?.resource.attributes.get("service.name")).toBe("shop");
  expect(receiver.requests).toMatchObject([{ path: "/v1/logs", encoding: "protobuf", compression: "gzip" }]);
});

test("receiver.ts takes what its own handler sends", async () => {
  expect(await runExample({ path: "receiver.ts" })).toEqual({
    ...QUIET,
    stdout: "shop.checkout INFO Order 7 is paid\n",
  });
});

test("socket.ts takes what its own handler sends", async () => {
  expect(await runExample({ path: "socket.ts" })).toEqual({
    ...QUIET,
    stdout: "shop.checkout INFO Order 7 is paid { orderId: 7, amount: 12.5 }\n",
  });
});

test("stock-provider.ts writes records of the stock SDK to a file", async () => {
  const folder = await makeFolder();
  expect(await runExample({ path: "stock-provider.ts", folder })).toEqual(QUIET);
  expect((await readLines(folder, "stock.jsonl")).map(timeless)).toEqual([
    { level: "INFO", severity: 9, logger: "shop.checkout", msg: "Order 7 is paid", orderId: 7 },
  ]);
});

test("stock-exporters.ts writes records of the stock SDK to a file and to stdout", async () => {
  const folder = await makeFolder();
  const { stdout, ...rest } = await runExample({ path: "stock-exporters.ts", folder });
  expect({ ...rest, stdout: "" }).toEqual(QUIET);
  expect(stdout).toMatch(/^time=\S+ level=info logger=shop.checkout msg="Order 7 is paid" orderId=7\n$/);
  expect((await readLines(folder, "shop.jsonl")).map(timeless)).toEqual([
    { level: "INFO", severity: 9, logger: "shop.checkout", msg: "Order 7 is paid", orderId: 7 },
  ]);
});

test("otel-api.ts writes what is logged by the OpenTelemetry API, and by our own loggers", async () => {
  const folder = await makeFolder();
  expect(await runExample({ path: "otel-api.ts", folder })).toEqual(QUIET);
  expect((await readLines(folder, "api.jsonl")).map(timeless)).toEqual([
    { level: "WARN", severity: 13, logger: "some.library", msg: "Cache is full", entries: 1000 },
    { level: "INFO", severity: 9, logger: "shop", msg: "Order 7 is paid", orderId: 7 },
  ]);
});

test("testing.ts finds its records in memory", async () => {
  expect(await runExample({ path: "testing.ts" })).toEqual({
    ...QUIET,
    stdout: "Order 7 is paid { orderId: 7 }\n",
  });
});

test("commonjs.cjs logs like a module does", async () => {
  const folder = await makeFolder();
  expect(await runExample({ path: "commonjs.cjs", folder })).toEqual(QUIET);
  expect(await readLines(folder, "commonjs.jsonl")).toMatchObject([{ msg: "Order 7 is paid", orderId: 7 }]);
});

test("overflow.ts drops what does not fit, counts it, and tells its listener, stderr and its file", async () => {
  const folder = await makeFolder();
  const { exitCode, stdout, stderr } = await runExample({ path: "overflow.ts", folder });
  expect(exitCode).toBe(0);
  const lines = await readLines(folder, "burst.jsonl");
  const numbers = lines.filter(({ logger }) => logger === "burst").map(({ i }) => Number(i));
  const droppedCount = 100_000 - numbers.length;
  expect(droppedCount).toBeGreaterThan(0);
  // Those that were taken are in order, and their text is their own.
  expect(numbers).toEqual(numbers.toSorted((one, other) => one - other));
  expect(lines.slice(0, -1).every(({ msg, i }) => msg === `record ${String(i)}`)).toBe(true);
  expect(stdout).toBe(
    `dropped: ${droppedCount}\n100001 emitted = ${lines.length} delivered + ${droppedCount} dropped\n`,
  );
  const told = `${droppedCount} records dropped: ${droppedCount} queue_full`;
  expect(stderr).toContain(`Handler "file": ${told}`);
  expect(lines.at(-1)).toMatchObject({ level: "WARN", logger: "femtologging", msg: told });
});

test("formats/formats.ts writes one record in the formats of its handlers, two of them its own", async () => {
  const folder = await makeFolder();
  const result = await runExample({ path: "formats/formats.ts", folder });
  expect({ ...result, stderr: "" }).toEqual(QUIET);
  expect(result.stderr).toContain("formats and writes on the application's thread");
  const textOf = (name: string): Promise<string> => readFile(join(folder, name), "utf8");
  expect(await textOf("app.logfmt")).toMatch(
    /^time=\S+ level=warn logger=shop msg="Only 2 of kite left" left=2 sku=kite shelf=B4\n$/,
  );
  expect(JSON.parse(await textOf("app.ecs.json"))).toMatchObject({
    "log.level": "WARN",
    message: "Only 2 of kite left",
    "event.dataset": "shop.log",
  });
  expect(await textOf("app.brief")).toBe("WARN | shop | Only 2 of kite left\n");
  expect(await textOf("app.own")).toBe('["Only 2 of kite left"]\n');
  expect(await textOf("python-0.log")).toBe("WARNING  shop Only 2 of kite left\n");
  expect(await textOf("python-1.log")).toBe("WARNING  shop Only 2 of kite left\n");
  expect(await textOf("python-2.log")).toMatch(
    /^\[\d\d\/\w{3}\/\d{4}:[\d:]{8} [+-]\d{4}\] WARNING shop Only/,
  );
});

test("metrics.ts prints the metrics of a record, by their names in the semantic conventions", async () => {
  const { stdout, ...rest } = await runExample({ path: "metrics.ts" });
  expect(rest).toEqual({ exitCode: 0, signal: null, stderr: "" });
  const names = [...stdout.matchAll(/name: '(otel\.[^']+|femtologging\.[^']+)',\n +type/g)].map(
    ([, name]) => name,
  );
  expect(names).toEqual([
    "otel.sdk.log.created",
    "otel.sdk.processor.log.queue.size",
    "otel.sdk.processor.log.processed",
    "femtologging.processor.log.filtered",
    "otel.sdk.exporter.log.inflight",
    "otel.sdk.exporter.log.exported",
    "otel.sdk.exporter.operation.duration",
  ]);
});
