/**
 * What happens when more is logged than the sink takes: to the caller, to memory, to the records, and afterwards? Does not show a
 * disk that hangs inside of a system call, or a peer that refuses; nor a machine with a core for each of the three parties.
 */
import { join } from "node:path";

import type { HandlerStats } from "femtologging";

import { runCase } from "../case-program.ts";
import { monotonicMillis } from "../clock.ts";
import { checkBooks } from "../overload/check.ts";
import { offer, type OfferResult } from "../overload/offer.ts";
import type { Schedule } from "../overload/schedule.ts";
import { type SinkName, SinkProcess } from "../overload/sink-process.ts";
import { openOverloadSubject, type OverloadSubjectName } from "../overload/subjects.ts";
import type { TallyResult } from "../overload/tally.ts";

/** Arguments of the case. */
export interface OverloadArguments {
  readonly subject: OverloadSubjectName;
  readonly sink: SinkName;
  /** What the slow sink takes of what is offered; 0 for nothing. */
  readonly share: number;
  readonly ratePerSecond: number;
  readonly queueBytes: number;
  readonly blockTimeoutMillis: number;
  /** The sink is fast, slow, and fast again for so long. */
  readonly fastMillis: number;
  readonly slowMillis: number;
  readonly tailMillis: number;
}

/** In our queue: 16 bytes of head, an integer, 13 characters, a boolean and a double with their tags; a multiple of 8. */
const RECORD_BYTES = 48;
/** Between the schedule and its first record. */
const HEAD_START_MILLIS = 50;
/** The handler speaks of its drops once a second. */
const OWN_RECORDS_PER_SECOND = 1;
const MEGABYTE = 2 ** 20;

function scheduleOf(args: OverloadArguments): Schedule {
  const { fastMillis, slowMillis, tailMillis, ratePerSecond, share } = args;
  const beginMillis = monotonicMillis() + HEAD_START_MILLIS;
  const slowFromMillis = beginMillis + fastMillis;
  const count = Math.round(((fastMillis + slowMillis + tailMillis) * ratePerSecond) / 1000);
  return {
    beginMillis,
    slowFromMillis,
    slowUntilMillis: slowFromMillis + slowMillis,
    ratePerSecond,
    share,
    count,
  };
}

/** What both ends have seen, in the units of the table. */
function measuresOf(
  { ratePerSecond, slowMillis }: OverloadArguments,
  { seen, tally, count }: { readonly seen: OfferResult; readonly tally: TallyResult; readonly count: number },
): Record<string, number> {
  const { call } = seen;
  return {
    callP50Micros: call.p50 * 1000,
    callP99Micros: call.p99 * 1000,
    callMaxMillis: call.max,
    lateMaxMillis: seen.lateMillisMax,
    rssMaxMegabytes: seen.rssBytesMax / MEGABYTE,
    rssGrowthMegabytes: (seen.rssBytesMax - seen.rssBytesBefore) / MEGABYTE,
    takenPercent: (tally.receivedWhileSlow * 100_000) / (ratePerSecond * slowMillis),
    missing: count - tally.received,
    ...(tally.recoveredMillis !== undefined && { recoveredMillis: tally.recoveredMillis }),
  };
}

/** What only a handler of ours can say. @throws {Error} Its counters are not exact, or its queue held more than it may. */
function handlerMeasures(
  args: OverloadArguments,
  {
    seen,
    tally,
    count,
    stats,
  }: {
    readonly seen: OfferResult;
    readonly tally: TallyResult;
    readonly count: number;
    readonly stats: HandlerStats;
  },
): Record<string, number> {
  const seconds = (args.fastMillis + args.slowMillis + args.tailMillis + seen.lateMillisMax) / 1000;
  const ownMax = Math.ceil(seconds * OWN_RECORDS_PER_SECOND) + 1;
  checkBooks({ offered: count, stats, tally, dropsOldest: args.subject === "drop-oldest", ownMax });
  const queuedBytes = seen.queuedMax * RECORD_BYTES;
  if (queuedBytes > args.queueBytes)
    throw new Error(
      `${seen.queuedMax} records of ${RECORD_BYTES} bytes waited, more than ${args.queueBytes} bytes`,
    );
  const { queueEmptyMillis } = seen;
  return {
    queuedMax: seen.queuedMax,
    queueFillPercent: (queuedBytes * 100) / args.queueBytes,
    droppedEarly: seen.droppedEarly,
    dropsStopMillis: seen.dropsStopMillis,
    ...(queueEmptyMillis !== undefined && { queueEmptyMillis }),
  };
}

await runCase<OverloadArguments>(async (args, { directory }) => {
  const { sink: sinkName, queueBytes, blockTimeoutMillis } = args;
  const sink = await SinkProcess.start(sinkName, join(directory, "pipe"));
  const subject = await openOverloadSubject(args.subject, {
    target: sink.target,
    isOtlp: sinkName === "otlp",
    queueBytes,
    recordBytes: RECORD_BYTES,
    blockTimeoutMillis,
  });
  const schedule = scheduleOf(args);
  sink.begin(schedule);
  const seen = await offer(subject, schedule);
  await subject.finish();
  const stats = subject.stats?.();
  const tally = await sink.finish(stats?.delivered);
  const { count } = schedule;
  return {
    measures: {
      ...measuresOf(args, { seen, tally, count }),
      ...(stats !== undefined && handlerMeasures(args, { seen, tally, count, stats })),
    },
    recordCount: count,
    checksum: count.toString(16),
    settings: `${args.ratePerSecond} records/s, the sink takes ${args.share * 100} % of them for ${args.slowMillis} ms; ${subject.settings}`,
  };
});
