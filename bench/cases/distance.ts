/**
 * How long until a receiver that is a round trip of 100 ms away has all records, by OTLP/HTTP or OTLP/gRPC? What counts is how many
 * requests are under way, and how much is in each. Does not show a network that is narrow or loses packets, nor the slow start of TCP: the
 * delay is added by a proxy on loopback.
 */
import { runCase } from "../case-program.ts";
import { DistantReceiver } from "../distant-receiver.ts";
import type { OtlpSubject, OtlpSubjectOptions, OtlpTransport } from "../peers/otlp-subject.ts";
import { logInChunks } from "../peers/subject.ts";
import { sitesOf } from "../sites.ts";
import { Stopwatch } from "../stopwatch.ts";

/** Arguments of the case. */
export interface DistanceArguments {
  readonly subject: "femtologging" | "sdk-logs" | "pino-otel";
  readonly transport: OtlpTransport;
  readonly roundTripMillis: number;
  /** Records before the clock starts; connections are made by then. */
  readonly warmCount: number;
  readonly count: number;
}

/** The default of the SDK. */
const SDK_BATCH_SIZE = 512;

async function open(
  { subject, warmCount, count }: DistanceArguments,
  where: OtlpSubjectOptions,
): Promise<OtlpSubject> {
  switch (subject) {
    case "femtologging":
      return (await import("../peers/otlp-subject.ts")).openFemtologgingOtlp(where);
    case "sdk-logs":
      return (await import("../peers/otel-sdk.ts")).openSdkOtlp({ ...where, batchSize: SDK_BATCH_SIZE });
    case "pino-otel":
      return (await import("../peers/pino-otel.ts")).openPinoOtel({
        ...where,
        maxQueueSize: warmCount + count,
      });
  }
}

await runCase<DistanceArguments>(async (args) => {
  const { transport, roundTripMillis, warmCount, count } = args;
  const receiver = await DistantReceiver.start(transport, roundTripMillis);
  try {
    const subject = await open(args, { url: receiver.url, transport, sites: sitesOf(false) });
    await logInChunks(subject, 0, warmCount);
    await subject.finish();
    await receiver.expect(warmCount);
    const watch = new Stopwatch();
    await logInChunks(subject, warmCount, warmCount + count);
    await subject.finish();
    const received = await receiver.expect(warmCount + count);
    const time = watch.read(count);
    await subject.close();
    return {
      measures: { ...time },
      recordCount: received.records,
      checksum: received.records.toString(16),
      settings: subject.settings,
    };
  } finally {
    await receiver.stop();
  }
});
