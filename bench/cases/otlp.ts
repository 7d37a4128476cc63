/**
 * How long, and how much processor time of the sender, until a receiver in another process has all records by OTLP/HTTP (protobuf, no
 * compression), or by OTLP/gRPC? Does not show a network: the receiver is on loopback, answers at once, counts, and takes a core of the same machine.
 */
import { runCase } from "../case-program.ts";
import type { OtlpSubject, OtlpTransport } from "../peers/otlp-subject.ts";
import { logInChunks } from "../peers/subject.ts";
import { ReceiverProcess } from "../receiver-process.ts";
import { type Site, sitesOf } from "../sites.ts";
import { Stopwatch } from "../stopwatch.ts";

/** Arguments of the case. */
export interface OtlpArguments {
  readonly subject: "femtologging" | "sdk-logs-512" | "sdk-logs-4096";
  readonly transport: OtlpTransport;
  /** Records before the clock starts. */
  readonly warmCount: number;
  readonly count: number;
}

async function open(
  subject: OtlpArguments["subject"],
  where: { readonly url: string; readonly sites: readonly Site[]; readonly transport: OtlpTransport },
): Promise<OtlpSubject> {
  if (subject === "femtologging") {
    return (await import("../peers/otlp-subject.ts")).openFemtologgingOtlp(where);
  }
  const batchSize = subject === "sdk-logs-512" ? 512 : 4096;
  return (await import("../peers/otel-sdk.ts")).openSdkOtlp({ ...where, batchSize });
}

await runCase<OtlpArguments>(async ({ subject: name, transport, warmCount, count }) => {
  const receiver = await ReceiverProcess.start();
  try {
    const url = transport === "http" ? receiver.url : receiver.grpcUrl;
    const subject = await open(name, { url, transport, sites: sitesOf(false) });
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
