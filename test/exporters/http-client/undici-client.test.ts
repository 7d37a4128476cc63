import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { Worker } from "node:worker_threads";

import { build } from "esbuild";
import { buildConnector as rootBuildConnector, Client as RootClient } from "undici";
import buildConnector from "undici/lib/core/connect.js";
import Client from "undici/lib/dispatcher/client.js";
import { expect, test } from "vitest";

import type { SendOutcome } from "../../../exporters/sender.ts";
import { startServer, statuses } from "../otlp-http/otlp-server.ts";

test("the modules of undici that are imported by path are those its root exports", () => {
  expect(Client).toBe(RootClient);
  expect(buildConnector).toBe(rootBuildConnector);
});

/** Bundles the sender as the worker is bundled, with a program that sends one batch. */
async function bundleWithSender() {
  const program = `
    import { parentPort, workerData } from "node:worker_threads";
    import { createOtlpHttpSender } from "./sender.ts";
    const sender = createOtlpHttpSender(workerData);
    sender.send(new Uint8Array(1000), { recordCount: 1, signal: new AbortController().signal })
      .then((outcome) => parentPort.postMessage(outcome));
  `;
  const resolveDir = fileURLToPath(new URL("../../../exporters/otlp-http", import.meta.url));
  const result = await build({
    stdin: { contents: program, resolveDir, loader: "ts" },
    bundle: true,
    write: false,
    metafile: true,
    platform: "node",
    format: "cjs",
    minifySyntax: true,
    minifyWhitespace: true,
  });
  return { source: result.outputFiles[0]!.text, inputPaths: Object.keys(result.metafile.inputs) };
}

test("createOtlpHttpSender() sends from a worker thread that is one bundled text", async () => {
  const server = await startServer(statuses(200));
  const { source } = await bundleWithSender();
  const workerData = {
    url: `http://127.0.0.1:${server.port}/v1/logs`,
    headers: {},
    protocol: "http/protobuf",
    compression: "gzip",
    timeoutMillis: 10_000,
    retryTimeoutMillis: 10_000,
    maxConcurrentRequests: 1,
  };
  const worker = new Worker(source, { eval: true, workerData });
  const [outcome] = (await once(worker, "message")) as [SendOutcome];
  await worker.terminate();
  expect(outcome).toMatchObject({ delivered: 1, reason: undefined });
  expect(server.requests).toHaveLength(1);
});

test("the bundle leaves out the parts of undici that nobody needs", async () => {
  const { inputPaths } = await bundleWithSender();
  const unwanted = inputPaths.filter((path) =>
    /undici\/(?:index|lib\/(?:mock|cache|interceptor|web\/(?:websocket|eventsource|cookies|cache)))/.test(
      path,
    ),
  );
  expect(unwanted).toEqual([]);
});
