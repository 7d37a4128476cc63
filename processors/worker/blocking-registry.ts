import { isMainThread } from "node:worker_threads";
import type { ByteSink } from "../../exporters/byte-sink.ts";
import { FileSink } from "../../exporters/file/file-sink.ts";
import type { RotatingOptions } from "../../exporters/rotating/options.ts";
import { RotatingSink } from "../../exporters/rotating/rotating-sink.ts";
import { DescriptorSink } from "../../exporters/stream/descriptor-sink.ts";
import { OtlpLinesRenderer } from "../../proto/otlp-lines-renderer.ts";
import { LineRenderer } from "../../src/formatters/line-renderer.ts";
import type { Arena } from "../queue/arena.ts";
import type { BatchRenderer } from "../shape/renderer.ts";
import { BlockingPump } from "./blocking-pump.ts";
import { CompressHere } from "./compress-here.ts";
import { CompressThread } from "./compress-thread.ts";
import type { Compressing } from "./compressing-registry.ts";
import { Consumer } from "./consumer.ts";
import { ConsumerFilters } from "./consumer-filters.ts";
import { completeIntent } from "./intent.ts";
import { Ownership } from "./ownership.ts";
import { makeFormatter } from "./formatter-registry.ts";
import type { BlockingDescriptor, FilterInput, WorkerStart } from "./protocol.ts";
import { readGeometry } from "../queue/queue-layout.ts";
import { source as compressingSource } from "./source-compressing.generated.ts";

interface SinkParts {
  readonly isUntouched: boolean;
  readonly report: (trouble: string) => void;
}

function createSink({ exporter }: BlockingDescriptor, parts: SinkParts): ByteSink {
  switch (exporter.kind) {
    case "stream":
      return new DescriptorSink(exporter.descriptor);
    case "file":
      return new FileSink({ ...exporter, truncate: exporter.truncate && parts.isUntouched });
    case "rotating":
      return new RotatingSink(exporter, {
        report: parts.report,
        compressing: compressingOf(exporter, parts.report),
      });
  }
}

function compressingOf(
  { compress, isInline }: RotatingOptions,
  report: (trouble: string) => void,
): Compressing | undefined {
  if (compress === "none") return undefined;
  if (isInline) return new CompressHere(report);
  // An application's thread that has taken over is about to end, or may start no thread.
  return isMainThread ? undefined : new CompressThread(compressingSource);
}

function createRenderer(handler: BlockingDescriptor, report: (trouble: string) => void): BatchRenderer {
  const { formatter, terminator, encoding } = handler;
  if (formatter.kind === "otlp-lines") return new OtlpLinesRenderer(formatter);
  return new LineRenderer(makeFormatter(formatter, report), { terminator, encoding });
}

/** Formats that tell in each line of whom the records are. */
const FORMATS_WITH_RESOURCE: ReadonlySet<string> = new Set(["otlp-lines", "otlp-json"]);

/**
 * Makes the pump of a handler that writes synchronously, and takes the handler over for it.
 * @returns Undefined when another consumer is in the middle of a write and may be alive, or has taken over already.
 */
export function createBlockingPump(
  arena: Arena,
  start: WorkerStart & { readonly handler: BlockingDescriptor },
  options: FilterInput & {
    /** Called when the owner before, who may be alive, has lost the handler, and before anything is read. */
    readonly onFenced?: () => void;
    /** A thread of the handler's own, which can wait for attributes of the resource that are still to come. */
    readonly isOwnThread?: boolean;
  },
): BlockingPump | undefined {
  const ownership = new Ownership(arena, readGeometry(arena.words, start.handlerSlot));
  const sink = createSink(start.handler, {
    isUntouched: ownership.isUntouched,
    report: options.report,
  });
  if (start.isPredecessorDead) {
    const { isOwner, intent } = ownership.takeOverFromDead(start.epoch);
    if (!isOwner) return undefined;
    if (intent !== undefined) completeIntent({ ownership, sink, intent });
  } else {
    if (!ownership.takeOver(start.epoch)) return undefined;
    options.onFenced?.();
  }
  const consumer = new Consumer(arena, {
    handlerSlot: start.handlerSlot,
    renderer: createRenderer(start.handler, options.report),
    limits: start.batch,
    filters: ConsumerFilters.open(arena, start, options),
  });
  return new BlockingPump({
    arena,
    consumer,
    ownership,
    sink,
    fsync: start.handler.fsync,
    report: options.report,
    awaitsResource: options.isOwnThread === true && FORMATS_WITH_RESOURCE.has(start.handler.formatter.kind),
  });
}
