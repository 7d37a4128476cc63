/**
 * How many records a second do so many threads get to so many handlers? One cell of the matrix of `scenarios.ts`. The main thread does not
 * log: it waits, as it would for its workers. Does not show a program that has other work, nor more cores than the machine has: producers,
 * handlers, and a receiver in another process share them.
 */
import { basicConfig, flush, shutdown } from "femtologging";

import { type CaseReport, runCase } from "../case-program.ts";
import type { Destination } from "../scenarios/destination.ts";
import { type DestinationName, destinationSettings, openDestination } from "../scenarios/destinations.ts";
import { LineCheck, type MessageName } from "../scenarios/messages.ts";
import { type ProducerReport, Producers } from "../scenarios/producers.ts";
import { Stopwatch } from "../stopwatch.ts";

/** Arguments of the case. */
export interface ScenarioArguments {
  readonly destination: DestinationName;
  readonly message: MessageName;
  readonly handlerCount: number;
  readonly threadCount: number;
  /** Records of each thread before the clock starts. */
  readonly warmCount: number;
  /** Records of each thread that are measured. */
  readonly count: number;
}

const BYTES_PER_MEGABYTE = 2 ** 20;
const KIB_PER_MEGABYTE = 1024;
/** A full queue may take a slow machine longer than the default of 30 s. */
const FLUSH = { timeoutMillis: 100_000 };

/** @throws {Error} A handler has not delivered each record, once. */
function checkStats({ handlers }: Destination, logged: number): void {
  for (const handler of handlers) {
    const { name } = handler;
    const { emitted, delivered, queued, droppedTotal, replayed } = handler.stats();
    if (emitted !== logged || delivered !== logged || queued + droppedTotal + replayed !== 0) {
      throw new Error(
        `${logged} records were logged, handler "${name}" has ${JSON.stringify(handler.stats())}`,
      );
    }
  }
}

function callMeasures(reports: readonly ProducerReport[], count: number): Record<string, number> {
  const begin = Math.min(...reports.map(({ beginMillis }) => beginMillis));
  const end = Math.max(...reports.map(({ endMillis }) => endMillis));
  const busy = reports.reduce((sum, { beginMillis, endMillis }) => sum + endMillis - beginMillis, 0);
  return {
    enqueuedPerSecond: (reports.length * count * 1000) / (end - begin),
    nsPerCall: (busy * 1e6) / (reports.length * count),
  };
}

/** Means over all that a handler has done, the warm-up included. Exporters of others do not say how many bytes they send. */
function handlerMeasures({ handlers }: Destination): Record<string, number> {
  const stats = handlers[0]?.stats();
  if (stats === undefined) return {};
  const { delivered, bytes, batches } = stats;
  return { ...(bytes > 0 && { bytesPerRecord: bytes / delivered }), recordsPerBatch: delivered / batches };
}

await runCase<ScenarioArguments>(async (args, { directory }): Promise<CaseReport> => {
  const { destination: name, message, handlerCount, threadCount, warmCount, count } = args;
  const destination = await openDestination(name, { directory, handlerCount });
  basicConfig({ handlers: destination.handlers });
  const producers = await Producers.start(threadCount, { message, warmCount, count });
  await flush(FLUSH);
  const watch = new Stopwatch();
  const reports = await producers.run();
  await flush(FLUSH);
  const time = watch.read(threadCount * count);
  const logged = threadCount * (warmCount + count);
  checkStats(destination, logged);
  const measures = {
    deliveredPerSecond: time.recordsPerSecond,
    cpuNsPerRecord: time.cpuNsPerRecord,
    ...callMeasures(reports, count),
    ...handlerMeasures(destination),
    rssMegabytes: process.memoryUsage.rss() / BYTES_PER_MEGABYTE,
    rssMegabytesMax: process.resourceUsage().maxRSS / KIB_PER_MEGABYTE,
  };
  await shutdown(FLUSH);
  checkStats(destination, logged);
  await destination.verify({ count: logged, lines: new LineCheck(message) });
  return {
    measures,
    recordCount: logged * handlerCount,
    checksum: (logged * handlerCount).toString(16),
    settings: destinationSettings(name),
  };
});
