/**
 * How long, and how much processor time of the sender, until a receiver in another process has all records by OTLP/HTTP (protobuf, no
 * compression), or by OTLP/gRPC? Does not show a network: the receiver is on loopback, answers at once, counts, and takes a core of the same machine.
 */
import { runCase } from "../case-program.ts";
import type { OtlpSubject, OtlpSubjectOptions, OtlpTransport } from "../peers/otlp-subject.ts";
import { logInChunks } from "../peers/subject.ts";
import { ReceiverProcess } from "../receiver-process.ts";
import { sitesOf } from "../sites.ts";
import { Stopwatch } from "../stopwatch.ts";

/** Arguments of the case. */
export interface OtlpArguments {
  readonly subject: "femtologging" | "sdk-logs-512" | "sdk-logs-4096" | "pino-otel";
  readonly transport: OtlpTransport;
  /** Records before the clock starts. */
  readonly warmCount: number;
  readonly count: number;
}

async function open(
  { subject, warmCount, count }: OtlpArguments,
  where: OtlpSubjectOptions,
): Promise<OtlpSubject> {
  switch (subject) {
    case "femtologging":
      return (await import("../peers/otlp-subject.ts")).openFemtologgingOtlp(where);
    case "pino-otel":
      return (await import("../peers/pino-otel.ts")).openPinoOtel({
        ...where,
        maxQueueSize: warmCount + count,
      });
    case "sdk-logs-512":
    case "sdk-logs-4096":
      return (await import("../peers/otel-sdk.ts")).openSdkOtlp({
        ...where,
        batchSize: subject === "sdk-logs-512" ? 512 : 4096,
      });
  }
}

await runCase<OtlpArguments>(async (args) => {
  const { transport, warmCount, count } = args;
  const receiver = await ReceiverProcess.start();
  try {
    const url = transport === "http" ? receiver.url : receiver.grpcUrl;
    const subject = await open(args, { url, transport, sites: sitesOf(false) });
    await logInChunks(subject, 0, warmCount);
    await subject.settle();
    await subject.finish();
    const { bytes } = await receiver.expect(warmCount);
    const watch = new Stopwatch();
    await logInChunks(subject, warmCount, warmCount + count);
    await subject.finish();
    const received = await receiver.expect(warmCount + count);
    const time = watch.read(count);
    await subject.close();
    return {
      measures: { ...time, bytesPerRecord: (received.bytes - bytes) / count },
      recordCount: received.records,
      checksum: received.records.toString(16),
      settings: subject.settings,
    };
  } finally {
    await receiver.stop();
  }
});
