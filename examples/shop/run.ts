/** One run of the shop, from the first order to the table. */
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { shutdown } from "femtologging";
import type { ComparisonResult } from "./comparison.ts";
import { startCollector } from "./collector-process.ts";
import { CLOSED_BANK, sendOrders, type CampaignResult } from "./customers.ts";
import { configureLogging, SCREEN_LEVELS, type ShopHandlers } from "./handlers.ts";
import type { ShopOptions } from "./options.ts";
import { compareFile, compareRotatedFiles } from "./read-back.ts";
import { startRealCollector } from "./real-collector.ts";
import { clockCost, remembered } from "./remembered-calls.ts";
import { faultsOf, tableOf, type HandlerResult } from "./report.ts";
import { openShop } from "./service.ts";
import { enableTracing } from "./tracing.ts";

/** For what is still under way when the last order has been answered. */
const SHUTDOWN_TIMEOUT_MILLIS = 10_000;
const PROGRESS_LINE_COUNT = 10;
/** What shells say of a process that SIGINT has ended. */
const INTERRUPTED_CODE = 130;

/**
 * Runs the shop and prints what came of it.
 *
 * @returns Exit code: 0 when nothing was missing, 130 the same after Ctrl-C, 1 when something was missing.
 * @throws {Error} The shop could not be opened.
 */
export async function runShop(options: ShopOptions): Promise<number> {
  enableTracing();
  const { endpoint, usesOtelcol } = options;
  if (endpoint !== undefined) return sell(options, { url: endpoint.href, compare: undefined });
  const collector = await (usesOtelcol === true ? startRealCollector() : startCollector());
  try {
    return await sell(options, collector);
  } finally {
    await collector.stop();
  }
}

/** Where OTLP goes, and how it is read back. */
interface Collector {
  readonly url: string;
  readonly compare: (() => Promise<ComparisonResult>) | undefined;
}

async function sell(options: ShopOptions, { url, compare }: Collector): Promise<number> {
  const rotatingPath = await temporaryPath("rotating.jsonl");
  const path = resolve(options.filePath ?? (await temporaryPath("shop.jsonl")));
  say(`Logging to stderr (WARN and above), ${path}, ${rotatingPath}, and ${url}`);
  const signal = interruptSignal();
  const handlers = configureLogging({ path, rotatingPath, url });
  const campaign = await runCampaign(options, signal);
  await endLogging();
  const faults = await report({ campaign, handlers, compare });
  if (faults.length > 0) return 1;
  if (options.filePath === undefined) await rm(dirname(path), { recursive: true });
  await rm(dirname(rotatingPath), { recursive: true });
  return signal.aborted ? INTERRUPTED_CODE : 0;
}

async function temporaryPath(name: string): Promise<string> {
  return join(await mkdtemp(join(tmpdir(), "femtologging-shop-")), name);
}

/** Aborted by Ctrl-C: orders under way are finished, and what they log is delivered and compared like everything else. */
function interruptSignal(): AbortSignal {
  const controller = new AbortController();
  process.once("SIGINT", () => {
    say("Interrupted: no more orders are sent");
    controller.abort();
  });
  return controller.signal;
}

async function runCampaign(options: ShopOptions, signal: AbortSignal): Promise<CampaignResult> {
  const { requestCount, logsPerRequest } = options;
  const shop = await openShop({ [CLOSED_BANK]: await closedOrigin() });
  const startMillis = performance.now();
  const step = Math.max(1, Math.floor(requestCount / PROGRESS_LINE_COUNT));
  const onAnswer = (answerCount: number): void => {
    if (answerCount % step !== 0) return;
    const seconds = ((performance.now() - startMillis) / 1_000).toFixed(1);
    say(`${answerCount} of ${requestCount} orders, ${remembered.calls.length} records, ${seconds} s`);
  };
  try {
    return await sendOrders({ origin: shop.origin, requestCount, logsPerRequest, signal, onAnswer });
  } finally {
    await shop.close();
  }
}

/** Where nobody listens: a port that was free a moment ago. */
async function closedOrigin(): Promise<string> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return `http://127.0.0.1:${port}`;
}

async function endLogging(): Promise<void> {
  try {
    await shutdown({ timeoutMillis: SHUTDOWN_TIMEOUT_MILLIS });
  } catch (error) {
    // The counters say the same: the run has failed.
    say((error as Error).message);
  }
}

interface Run {
  readonly campaign: CampaignResult;
  readonly handlers: ShopHandlers;
  readonly compare: Collector["compare"];
}

/** Compares and prints. @returns What was wrong. */
async function report({ campaign, handlers, compare }: Run): Promise<string[]> {
  const { calls, costs } = remembered;
  const { screen, file, rotating, otlp } = handlers;
  const results: HandlerResult[] = [
    {
      title: "screen",
      stats: screen.stats(),
      loggedCount: calls.filter(({ level }) => SCREEN_LEVELS.has(level)).length,
      comparison: undefined,
    },
    {
      title: "file",
      stats: file.stats(),
      loggedCount: calls.length,
      comparison: await compareFile(file.path),
    },
    {
      title: "rotating",
      stats: rotating.stats(),
      loggedCount: calls.length,
      comparison: await compareRotatedFiles(rotating.path),
    },
    {
      title: "otlp",
      stats: otlp.stats(),
      loggedCount: calls.length,
      comparison: await compare?.(),
    },
  ];
  const result = { ...campaign, handlers: results, costs, clockMillis: clockCost() };
  say(`\n${tableOf(result)}`);
  if (compare === undefined) say(`${otlp.url} cannot be read back: only its counters were compared.`);
  const faults = faultsOf(result);
  const isComplete = faults.length === 0;
  say(isComplete ? "Nothing is missing." : `Not as it must be; the files are kept:\n${faults.join("\n")}`);
  return faults;
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}
