import { PersistentSender } from "../../exporters/persistent/persistent-sender.ts";
import type { PersistentQueueSettings } from "../../exporters/persistent/options.ts";
import type { BatchSender } from "../../exporters/sender.ts";
import type { Arena } from "../queue/arena.ts";
import { readGeometry } from "../queue/queue-layout.ts";
import type { NetworkOutlet } from "./network-pump.ts";
import { SendingExporter } from "./sending-exporter.ts";
import { SpoolCounters } from "./spool-counters.ts";

/**
 * Batches that may wait at once for a peer that answers, each in memory of its own. They go out one request after the other, so this
 * is how many can go together.
 */
const WAITING_BATCHES_MAX = 8;

/** What of a sender depends on whether a persistent queue stands in front of it. */
export interface SenderSettings {
  readonly timeoutMillis: number;
  readonly retryTimeoutMillis: number;
  /** Whether `timeoutMillis` bounds a batch with its retries, and not only an attempt. */
  readonly isTimeoutForBatch: boolean;
  readonly maxConcurrentRequests: number;
  readonly persistentQueue: PersistentQueueSettings | undefined;
}

/** What the outlet of a handler is made from that may have a persistent queue, whatever its protocol is. */
export interface SendingParts {
  readonly arena: Arena;
  readonly handlerSlot: number;
  /** Names what bodies are encoded in: `otlp-protobuf`, `otlp-json`. */
  readonly encoding: string;
  readonly isJoinable: boolean;
  readonly report: (trouble: string) => void;
  /** Makes the sender itself. */
  readonly open: (
    options: Pick<SenderSettings, "retryTimeoutMillis" | "isTimeoutForBatch"> & Pick<SendingParts, "report">,
  ) => BatchSender;
}

/** Makes the exporting half of an outlet: a sender, behind a persistent queue where there is to be one. */
export function openSending(settings: SenderSettings, parts: SendingParts): Omit<NetworkOutlet, "renderer"> {
  const { retryTimeoutMillis, isTimeoutForBatch, maxConcurrentRequests, persistentQueue: queue } = settings;
  const { arena, handlerSlot, encoding, isJoinable, report, open } = parts;
  if (queue === undefined) {
    const exporter = new SendingExporter(open({ retryTimeoutMillis, isTimeoutForBatch, report }), report);
    return { exporter, maxConcurrentExports: maxConcurrentRequests };
  }
  // What is on the disk is tried for ever.
  const inner = open({
    retryTimeoutMillis: 0,
    isTimeoutForBatch: false,
    report: (trouble) => {
      sender.noteTrouble();
      report(trouble);
    },
  });
  const sender = new PersistentSender(inner, {
    queue,
    encoding,
    isJoinable,
    retryTimeoutMillis: batchMillisOf(settings),
    report,
  });
  return {
    exporter: new SendingExporter(sender, report),
    maxConcurrentExports: WAITING_BATCHES_MAX,
    begin: (ownership, exports) => {
      const geometry = readGeometry(arena.words, handlerSlot);
      sender.begin(new SpoolCounters(arena, { geometry, ownership, exports }));
    },
  };
}

/** How long a batch may take with its retries, in milliseconds; 0 for no limit. */
function batchMillisOf({ timeoutMillis, retryTimeoutMillis, isTimeoutForBatch }: SenderSettings): number {
  if (!isTimeoutForBatch || timeoutMillis === 0) return retryTimeoutMillis;
  return retryTimeoutMillis === 0 ? timeoutMillis : Math.min(timeoutMillis, retryTimeoutMillis);
}
