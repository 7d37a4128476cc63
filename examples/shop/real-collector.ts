/** The OpenTelemetry Collector itself, for a run of the shop. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import type { CollectorProcess } from "./collector-process.ts";
import { Otelcol } from "./otelcol.ts";
import { compareOtlpFile } from "./read-back.ts";

const BUILD_SCRIPT: string = fileURLToPath(new URL("../../scripts/build-collector.ts", import.meta.url));
const CONFIG: string = fileURLToPath(new URL("../collector/local.yaml", import.meta.url));
const FREE_PORT = "127.0.0.1:0";

/** Starts the collector, which is built on first use. @throws {Error} It cannot be built, or does not start. */
export async function startRealCollector(): Promise<CollectorProcess> {
  const program = await programPath();
  const path = join(await mkdtemp(join(tmpdir(), "femtologging-otelcol-")), "collector.jsonl");
  const collector = await Otelcol.start({
    program,
    configs: [CONFIG],
    settings: {
      "exporters.file.path": path,
      "receivers.otlp.protocols.http.endpoint": FREE_PORT,
      "receivers.otlp.protocols.grpc.endpoint": FREE_PORT,
    },
  });
  let stopped: Promise<void> | undefined;
  const stopOnce = (): Promise<void> => (stopped ??= collector.stop());
  return {
    url: `http://${String(collector.httpEndpoint)}/v1/logs`,
    // Its batches and its file are complete when it has ended.
    compare: async () => {
      await stopOnce();
      return compareOtlpFile(path);
    },
    stop: async () => {
      await stopOnce();
      await rm(dirname(path), { recursive: true });
    },
  };
}

async function programPath(): Promise<string> {
  // What it says of its work, or of why it cannot, is for the one who started the shop.
  const script = spawn(process.execPath, [BUILD_SCRIPT], { stdio: ["ignore", "pipe", "inherit"] });
  const closed = once(script, "close");
  const path = await text(script.stdout);
  const [code] = (await closed) as [number | null];
  if (code !== 0) throw new Error("Cannot run the shop with the collector: there is none, see above");
  return path.trim();
}
