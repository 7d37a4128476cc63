import { expect, test } from "vitest";

import { makeFolder, readLines, runExample, type Line } from "./run-example.ts";

const QUIET = { exitCode: 0, signal: null, stdout: "", stderr: "" };

function timeless({ time: _time, ...rest }: Line): Line {
  return rest;
}

test("pino.ts writes pino's records, redacted, with its levels and bindings", async () => {
  const folder = await makeFolder();
  expect(await runExample({ path: "pino.ts", folder })).toEqual(QUIET);
  const [paid, notice, failed] = (await readLines(folder, "app.jsonl")).map(timeless);
  expect(paid).toEqual({
    level: "info",
    severity: 9,
    logger: "pino",
    msg: "Order is paid with a card",
    orderId: 7,
    card: { holder: "Ada", number: "[Redacted]" },
  });
  expect(notice).toMatchObject({ level: "notice", severity: 11, orderId: 7 });
  expect(failed).toMatchObject({
    level: "error",
    severity: 17,
    msg: "Cannot pack",
    orderId: 7,
    "exception.type": "RangeError",
    "exception.message": "Shelf B4 does not exist",
  });
});

test("pino-capture.ts writes what a library logs, until it is released, and the library's file stays its own", async () => {
  const folder = await makeFolder();
  expect(await runExample({ path: "pino-capture.ts", folder })).toEqual(QUIET);
  expect((await readLines(folder, "app.jsonl")).map(timeless)).toEqual([
    { level: "warn", severity: 13, logger: "pino", msg: "Cache is full", name: "library", entries: 1000 },
  ]);
  expect(await readLines(folder, "library.jsonl")).toMatchObject([
    { level: 40, entries: 1000 },
    { level: 40, msg: "Nobody captures this" },
  ]);
});

test("pino-transport.ts writes from pino's thread, and has written all when it ends", async () => {
  const folder = await makeFolder();
  expect(await runExample({ path: "pino-transport.ts", folder })).toEqual(QUIET);
  expect((await readLines(folder, "app.jsonl")).map(timeless)).toEqual([
    { level: "info", severity: 9, logger: "pino", msg: "Order is paid", orderId: 7 },
  ]);
});
