/**
 * A shop that logs: an HTTP service of several modules, customers that send it orders, and three handlers at once. At the
 * end everything that arrived is compared with everything that was logged.
 *
 *     npm start -- --requests 5000 --logs-per-request 40
 */
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { flush } from "femtologging";
import { startCollector } from "./collector-process.ts";
import { CLOSED_BANK, sendOrders, type CampaignResult } from "./customers.ts";
import { configureLogging, type ShopHandlers } from "./handlers.ts";
import { readOptions, USAGE, type ShopOptions } from "./options.ts";
import { compareCollector, compareFile } from "./read-back.ts";
import { clockCost, remembered } from "./remembered-calls.ts";
import { faultsOf, tableOf, type HandlerResult } from "./report.ts";
import { openShop } from "./service.ts";
import { enableTracing } from "./tracing.ts";

const FLUSH_TIMEOUT_MILLIS = 10_000;
const PROGRESS_COUNT = 10;

process.exitCode = await main(process.argv.slice(2));

async function main(args: readonly string[]): Promise<number> {
  try {
    const options = readOptions(args);
    if (options !== "help") return await run(options);
    process.stdout.write(USAGE);
    return 0;
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\n`);
    return 2;
  }
}

async function run(options: ShopOptions): Promise<number> {
  enableTracing();
  await using collector = options.endpoint === undefined ? await startCollector() : undefined;
  const url = options.endpoint?.href ?? collector?.url ?? "";
  const path = resolve(options.filePath ?? join(await mkdtemp(join(tmpdir(), "femtologging-shop-")), "shop.jsonl"));
  say(`file ${path}\notlp ${url}`);
  const interrupted = announceInterrupt();
  const handlers = configureLogging({ path, url });
  const campaign = await sendAll(options, interrupted);
  // What was logged is being delivered, then the signal ends the process.
  if (interrupted.aborted) return await new Promise<never>(() => {});
  await flushAll();
  const results = [
    ...(await localResults(handlers, path)),
    await otlpResult(handlers, collector?.recordsUrl),
  ];
  return 0;
}
