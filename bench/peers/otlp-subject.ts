/** Loggers that send OTLP. What they sent is counted by the receiver. */
import { createLogging, FemtoOtlpGrpcHandler, FemtoOtlpHttpHandler } from "femtologging";

import { compileBurst, type Site } from "../sites.ts";
import { femtologgingCall } from "./femtologging.ts";
import { delayText, type Subject } from "./subject.ts";

/** Like `Subject`, but for the verification. */
export type OtlpSubject = Omit<Subject, "verify">;

/** How OTLP goes. */
export type OtlpTransport = "http" | "grpc";

/** What it is opened with. */
export interface OtlpSubjectOptions {
  /** HTTP when left out. */
  readonly transport?: OtlpTransport;
  readonly url: string;
  readonly sites: readonly Site[];
  /** How long a record may wait for others. Default: that of the handler. */
  readonly scheduledDelayMillis?: number;
}

const BLOCK_TIMEOUT_MILLIS = 60_000;

/** The handler as it comes, but that the caller waits when the queue is full: by default such records are dropped. */
export async function openFemtologgingOtlp(options: OtlpSubjectOptions): Promise<OtlpSubject> {
  const { url, sites, transport = "http", ...delay } = options;
  const Handler = transport === "http" ? FemtoOtlpHttpHandler : FemtoOtlpGrpcHandler;
  const handler = new Handler({
    url,
    overflow: "block",
    blockTimeoutMillis: BLOCK_TIMEOUT_MILLIS,
    ...delay,
  });
  const logging = createLogging({ handlers: [handler] });
  await handler.forceFlush();
  return {
    settings: `${transport === "http" ? "FemtoOtlpHttpHandler" : "FemtoOtlpGrpcHandler"}({ url, overflow: "block"${delayText(options)} }), all else default`,
    burst: compileBurst(logging.getLogger("bench.call"), sites, femtologgingCall),
    chunkSize: Number.POSITIVE_INFINITY,
    settle: () => handler.forceFlush(),
    finish: async () => {
      await handler.forceFlush();
      const { droppedTotal } = handler.stats();
      if (droppedTotal > 0) throw new Error(`The handler has dropped ${droppedTotal} records`);
    },
    close: () => logging.shutdown(),
  };
}
