import { reportOnce } from "../../src/diagnostics.ts";
import { handlerWord, type Arena } from "../queue/arena.ts";
import { HANDLER_OVERFLOW, OVERFLOW_DROP_NEWEST } from "../queue/layout.ts";
import { readGeometry } from "../queue/queue-layout.ts";
import type { BatchRenderer } from "../shape/renderer.ts";
import type { BatchExporter } from "../worker/batch-exporter.ts";
import { ConsumerFilters } from "../worker/consumer-filters.ts";
import { Consumer, type BatchLimits } from "../worker/consumer.ts";
import { EventPump } from "../worker/event-pump.ts";
import { Ownership } from "../worker/ownership.ts";
import type { WorkerStart } from "../worker/protocol.ts";
import type { ProcessorSettings } from "./settings.ts";

/** Makes the pump of a handler that works on the application's event loop, and takes the handler over for it. */
export function createLocalPump(
  arena: Arena,
  start: {
    readonly handlerSlot: number;
    readonly batch: BatchLimits & { readonly scheduledDelayMillis: number };
    readonly renderer: BatchRenderer;
    readonly exporter: BatchExporter;
    readonly filters: WorkerStart["filters"];
    readonly report: (trouble: string) => void;
  },
): EventPump {
  const ownership = new Ownership(arena, readGeometry(arena.words, start.handlerSlot));
  ownership.takeOver(0);
  return new EventPump({
    arena,
    consumer: new Consumer(arena, {
      handlerSlot: start.handlerSlot,
      renderer: start.renderer,
      limits: start.batch,
      filters: ConsumerFilters.open(arena, start, { report: start.report }),
    }),
    exporter: start.exporter,
    ...start.batch,
    maxConcurrentExports: 1,
    keepsAlive: false,
    isOwner: () => ownership.isOwner,
  });
}

/** A thread that waited for room would wait for itself: what does not fit is dropped, which is said once. */
export function dropInsteadOfBlocking(
  arena: Arena,
  handlerSlot: number,
  { name, overflow }: Pick<ProcessorSettings, "name" | "overflow">,
): void {
  if (overflow !== "block") return;
  arena.words[handlerWord(handlerSlot) + HANDLER_OVERFLOW] = OVERFLOW_DROP_NEWEST;
  reportOnce(
    `block ${name}`,
    `Handler "${name}" works on this thread, which cannot wait for itself: "overflow" is drop-newest instead of block`,
  );
}
