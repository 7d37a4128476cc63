/**
 * How long from a call until its record is at the other end: out of a FIFO, or decoded by a receiver of OTLP/HTTP? `at`, an attribute of each
 * record, says when the call began, by a clock that the reader has as well. A FIFO stands for the file: the same writes, and a reader that is
 * woken by them. Does not show a disk or a network. What the reader's process needs to wake up, read and decode is in every number, the same
 * for all who write there: a logger that writes in the call shows it.
 */
import { join } from "node:path";

import { runCase } from "../case-program.ts";
import { FifoReader } from "../fifo-reader.ts";
import { callCountOf, type Load, runLoad } from "../latency/load.ts";
import { type StampedRecords, StampReceiver } from "../latency/stamp-receiver.ts";
import type { OtlpSubject, OtlpSubjectOptions } from "../peers/otlp-subject.ts";
import { openSubject, type SubjectName } from "../peers/registry.ts";
import { type Burst, stampedSites } from "../sites.ts";

/** Arguments of the case. */
export interface LatencyWrittenArguments {
  readonly subject: SubjectName | "otlp/femtologging" | "otlp/sdk-logs";
  /** Only for OTLP. Default: that of the subject. */
  readonly scheduledDelayMillis?: number;
  /** Like `load`, before the clock counts: threads start, connections open, code is compiled. */
  readonly warmLoad: Load;
  readonly load: Load;
}

/** A logger, and who sees its records come. */
interface Line {
  readonly settings: string;
  readonly burst: Burst;
  /** Delivers all, and says what came. */
  readonly finish: () => Promise<StampedRecords>;
}

/** The SDK's default batch. Its default queue of 2,048 would drop when two bursts come close together. */
const SDK_SETTINGS = { batchSize: 512, maxQueueSize: 16_384 };

async function openFifo(
  name: SubjectName,
  { directory, untimedCount }: { readonly directory: string; readonly untimedCount: number },
): Promise<Line> {
  const path = join(directory, "out.fifo");
  const reader = await FifoReader.start([path], { untimedCount });
  const subject = await openSubject(name, { path, sites: stampedSites() });
  const finish = async (): Promise<StampedRecords> => {
    await subject.finish();
    await subject.close();
    const [content] = await reader.finish();
    if (content === undefined) throw new Error("The reader had no FIFO");
    return { recordCount: content.lineCount, delays: content.delays };
  };
  return { settings: subject.settings, burst: subject.burst, finish };
}

async function openOtlpSubject(name: string, options: OtlpSubjectOptions): Promise<OtlpSubject> {
  if (name === "otlp/femtologging") {
    return (await import("../peers/otlp-subject.ts")).openFemtologgingOtlp(options);
  }
  return (await import("../peers/otel-sdk.ts")).openSdkOtlp({ ...options, ...SDK_SETTINGS });
}

async function openReceiver(args: LatencyWrittenArguments, untimedCount: number): Promise<Line> {
  const { subject: name, load: _load, warmLoad: _warmLoad, ...delay } = args;
  const receiver = await StampReceiver.start(untimedCount);
  const subject = await openOtlpSubject(name, { url: receiver.url, sites: stampedSites(), ...delay });
  const finish = async (): Promise<StampedRecords> => {
    await subject.finish();
    await subject.close();
    return receiver.finish();
  };
  return { settings: subject.settings, burst: subject.burst, finish };
}

function isOtlp(name: LatencyWrittenArguments["subject"]): name is "otlp/femtologging" | "otlp/sdk-logs" {
  return name.startsWith("otlp/");
}

await runCase<LatencyWrittenArguments>(async (args, { directory }) => {
  const { subject, warmLoad, load } = args;
  const untimedCount = callCountOf(warmLoad);
  const line = isOtlp(subject)
    ? await openReceiver(args, untimedCount)
    : await openFifo(subject, { directory, untimedCount });
  await runLoad(warmLoad, 0, (index) => line.burst(index, index + 1));
  await runLoad(load, untimedCount, (index) => line.burst(index, index + 1));
  const { recordCount, delays } = await line.finish();
  const timedCount = callCountOf(load);
  if (recordCount !== untimedCount + timedCount || delays.count !== timedCount) {
    throw new Error(
      `${untimedCount + timedCount} records were logged, ${recordCount} have arrived, of ${timedCount} timed ones ${delays.count}`,
    );
  }
  const { p50, p99, p999, max } = delays;
  return {
    measures: { p50Us: p50, p99Us: p99, p999Us: p999, maxUs: max },
    recordCount,
    checksum: recordCount.toString(16),
    settings: line.settings,
  };
});
