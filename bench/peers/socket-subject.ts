/** Loggers that send over TCP. What they sent is counted by the receiver. */
import { createLogging, FemtoSocketHandler } from "femtologging";

import type { Site } from "../sites.ts";
import { compileBurst } from "../sites.ts";
import type { SocketTarget } from "../socket-receiver-process.ts";
import { femtologgingCall } from "./femtologging.ts";
import type { Subject } from "./subject.ts";

/** Like `Subject`, but for the verification. */
export type SocketSubject = Omit<Subject, "verify">;

/** What it is opened with. */
export interface SocketSubjectOptions {
  readonly target: SocketTarget;
  readonly sites: readonly Site[];
}

const BLOCK_TIMEOUT_MILLIS = 60_000;

/** The handler as it comes, but that the caller waits when the queue is full: by default such records are dropped. */
export async function openFemtologgingSocket(
  { target, sites }: SocketSubjectOptions,
  format: "msgpack" | "json",
): Promise<SocketSubject> {
  const handler = new FemtoSocketHandler({
    ...target,
    format,
    overflow: "block",
    blockTimeoutMillis: BLOCK_TIMEOUT_MILLIS,
  });
  const logging = createLogging({ handlers: [handler] });
  await handler.forceFlush();
  return {
    settings: `FemtoSocketHandler({ host, port, format: "${format}", overflow: "block" }), all else default`,
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
