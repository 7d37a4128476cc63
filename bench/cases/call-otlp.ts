/**
 * How long does a call keep the calling thread when its record goes out by OTLP? To be held against the same call with a file handler
 * (`call.ts`): nothing of OTLP happens on the calling thread. Does not show the work that is left after the call.
 */
import { type BurstPlan, timeBursts } from "../bursts.ts";
import { runCase } from "../case-program.ts";
import { openFemtologgingOtlp, type OtlpTransport } from "../peers/otlp-subject.ts";
import { ReceiverProcess } from "../receiver-process.ts";
import { sitesOf } from "../sites.ts";

/** Arguments of the case. */
export interface CallOtlpArguments extends BurstPlan {
  readonly transport: OtlpTransport;
}

await runCase<CallOtlpArguments>(async ({ transport, ...plan }) => {
  const receiver = await ReceiverProcess.start();
  try {
    const url = transport === "http" ? receiver.url : receiver.grpcUrl;
    const subject = await openFemtologgingOtlp({ url, transport, sites: sitesOf(false) });
    const { nsPerCall, nsPerCallBest, recordCount } = await timeBursts(subject, plan);
    const received = await receiver.expect(recordCount);
    await subject.close();
    return {
      measures: { nsPerCall, nsPerCallBest },
      recordCount: received.records,
      checksum: received.records.toString(16),
      settings: subject.settings,
    };
  } finally {
    await receiver.stop();
  }
});
