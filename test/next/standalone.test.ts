import { once } from "node:events";
import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";

import { OtlpReceiver } from "../../src/receiver/index.ts";
import { makeBareFolder } from "../bundlers/project-folder.ts";
import { buildStandalone, canInstall, installApplication, startServer } from "./application.ts";

const IDS = [1, 2, 3];
const folders: string[] = [];

async function makeFolder(): Promise<string> {
  const folder = await makeBareFolder();
  folders.push(folder);
  return folder;
}

afterAll(async () => {
  for (const folder of folders) await rm(folder, { recursive: true, force: true });
});

test("a standalone build of Next.js logs from a route to a file and over OTLP", async ({ skip }) => {
  if (!(await canInstall())) skip("npm cannot find Next.js: is the registry in reach?");
  const source = await makeFolder();
  const deployed = await makeFolder();
  await installApplication(source);
  expect(await buildStandalone(source, deployed)).not.toMatch(/warn|femtologging/i);
  // What is deployed must not need what was built.
  await rm(source, { recursive: true, force: true });
  await using receiver = await OtlpReceiver.start();
  const logPath = join(deployed, "app.log");
  const { child, url, said } = await startServer(deployed, { LOG_PATH: logPath, OTLP_URL: receiver.url });
  const ended = once(child, "close");
  for (const id of IDS) {
    const response = await fetch(`${url}/api/log?id=${id}`);
    expect(await response.json(), said()).toEqual({ id });
  }
  child.kill("SIGTERM");
  await ended;
  expect(said()).not.toContain("femtologging");
  const messages = IDS.map((id) => `Order ${id} is paid`);
  const lines = (await readFile(logPath, "utf8")).trimEnd().split("\n");
  expect(lines.map((line) => (JSON.parse(line) as { readonly msg: string }).msg)).toEqual(messages);
  expect(receiver.records.map(({ body }) => body)).toEqual(messages);
});
