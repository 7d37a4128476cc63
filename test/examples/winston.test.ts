import { expect, test } from "vitest";

import { makeFolder, readLines, runExample } from "./run-example.ts";

test("winston.ts writes what winston was told, and has all of it at finish", async () => {
  const folder = await makeFolder();
  const { exitCode, stdout, stderr } = await runExample({ path: "winston.ts", folder });
  expect({ exitCode, stdout, stderr }).toEqual({ exitCode: 0, stdout: "", stderr: "" });
  expect(await readLines(folder, "app.log")).toMatchObject([
    { level: "info", logger: "winston", msg: "Order 7 is paid", customer: "ann", service: "shop" },
    { level: "debug", msg: "cart is empty", requestId: "r1", service: "shop" },
    { level: "error", msg: "Order 8 is lost no such order", "exception.type": "RangeError" },
  ]);
});

test("winston-capture.ts writes what was logged during the capture, and the console has all", async () => {
  const folder = await makeFolder();
  const { exitCode, stdout, stderr } = await runExample({ path: "winston-capture.ts", folder });
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
  expect(stdout.trim().split("\n")).toHaveLength(2);
  expect(await readLines(folder, "app.log")).toMatchObject([{ msg: "Order 7 is paid", customer: "ann" }]);
});
