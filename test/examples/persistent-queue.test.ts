import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { expect, onTestFinished, test, vi } from "vitest";

import { OtlpReceiver } from "../../src/receiver/receiver.ts";
import { makeFolder, runExample } from "./run-example.ts";

vi.setConfig({ testTimeout: 60_000 });

test("persistent-queue.ts leaves what nobody takes to the next process", async () => {
  const folder = await makeFolder();
  const QUEUE_DIRECTORY = join(folder, "queue");
  // Nobody listens there.
  const away = { QUEUE_DIRECTORY, OTEL_EXPORTER_OTLP_ENDPOINT: "http://127.0.0.1:9" };
  expect(await runExample({ path: "persistent-queue.ts", folder, env: away })).toMatchObject({ exitCode: 0 });
  expect(await readdir(QUEUE_DIRECTORY)).toHaveLength(1);

  const receiver = await OtlpReceiver.start();
  onTestFinished(() => receiver.stop());
  const back = { QUEUE_DIRECTORY, OTEL_EXPORTER_OTLP_ENDPOINT: new URL(receiver.url).origin };
  expect(await runExample({ path: "persistent-queue.ts", folder, env: back })).toMatchObject({ exitCode: 0 });
  await receiver.waitFor(1, { timeoutMillis: 30_000 });
  expect(receiver.records[0]).toMatchObject({ body: "Order 7 is paid" });
});
