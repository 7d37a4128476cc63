/** The example of docs/zero-code.md, in each of the three ways to say where its records go. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";

import { ROOT } from "../../scripts/build-worker.ts";
import { OtlpReceiver } from "../../src/receiver/index.ts";
import { makeApplication, type Ended, type ApplicationFolder } from "../support/application-folder.ts";
import { API, API_LOGS, linesOf, REGISTER } from "./registered-application.ts";

async function makeExample(): Promise<ApplicationFolder> {
  const folder = await makeApplication(["femtologging", API, API_LOGS]);
  for (const name of ["zero-code.mjs", "zero-code.yaml", "zero-code-otel.yaml"]) {
    await folder.write(name, await readFile(join(ROOT, "examples", name), "utf8"));
  }
  return folder;
}

function run(folder: ApplicationFolder, env: Readonly<Record<string, string>>): Promise<Ended> {
  return folder.run({ args: ["--import", REGISTER, "zero-code.mjs"], env });
}

const RECORD = { level: "INFO", logger: "shop.checkout", msg: "Order 7 is paid", orderId: 7 };

test("zero-code.mjs with OTEL_LOGS_EXPORTER=console writes to standard output", async () => {
  const { code, stdout, stderr } = await run(await makeExample(), { OTEL_LOGS_EXPORTER: "console" });
  expect([code, stderr]).toEqual([0, ""]);
  expect(linesOf(stdout)).toMatchObject([RECORD]);
});

test("zero-code.yaml writes to standard output and to a file", async () => {
  const folder = await makeExample();
  const { code, stdout, stderr } = await run(folder, { FEMTO_CONFIG: "zero-code.yaml" });
  expect([code, stderr]).toEqual([0, ""]);
  expect(linesOf(stdout)).toMatchObject([RECORD]);
  expect(linesOf(await folder.read("logs/shop.log"))).toMatchObject([RECORD]);
  expect(await folder.read("logs/audit.log")).toBe("");
});

test("zero-code.yaml takes its level from a variable", async () => {
  const { stdout } = await run(await makeExample(), { FEMTO_CONFIG: "zero-code.yaml", LOG_LEVEL: "WARN" });
  expect(stdout).toBe("");
});

test("zero-code-otel.yaml sends to a collector and writes to standard output", async () => {
  await using receiver = await OtlpReceiver.start();
  const env = { OTEL_CONFIG_FILE: "zero-code-otel.yaml", COLLECTOR: new URL(receiver.url).origin };
  const { code, stdout, stderr } = await run(await makeExample(), env);
  expect([code, stderr]).toEqual([0, ""]);
  expect(linesOf(stdout)).toMatchObject([RECORD]);
  expect(receiver.records.map(({ body }) => body)).toEqual(["Order 7 is paid"]);
});
