import { createOtlpHttpSender } from "../../exporters/otlp-http/sender.ts";
import { OtlpJsonRenderer } from "../../proto/otlp-json-renderer.ts";
import { OtlpProtobufRenderer } from "../../proto/otlp-protobuf-renderer.ts";
import type { Arena } from "../queue/arena.ts";
import { readGeometry } from "../queue/queue-layout.ts";
import type { BatchRenderer } from "../shape/renderer.ts";
import type { BatchExporter } from "./batch-exporter.ts";
import { Consumer } from "./consumer.ts";
import { EventPump } from "./event-pump.ts";
import { loadModuleExporter } from "./module-exporter.ts";
import { Ownership } from "./ownership.ts";
import type { NetworkDescriptor, OtlpHttpDescriptor, WorkerStart } from "./protocol.ts";
import { SendingExporter } from "./sending-exporter.ts";

interface Outlet {
  readonly renderer: BatchRenderer;
  readonly exporter: BatchExporter;
  readonly maxConcurrentExports: number;
}

function openOtlpHttp(descriptor: OtlpHttpDescriptor, report: (trouble: string) => void): Outlet {
  const renderer = descriptor.protocol === "http/json" ? new OtlpJsonRenderer() : new OtlpProtobufRenderer();
  const exporter = new SendingExporter(createOtlpHttpSender({ ...descriptor, report }), report);
  return { renderer, exporter, maxConcurrentExports: descriptor.maxConcurrentRequests };
}

async function openOutlet(
  start: WorkerStart & { readonly handler: NetworkDescriptor },
  report: (trouble: string) => void,
): Promise<Outlet> {
  const { exporter } = start.handler;
  if (exporter.kind === "otlp-http") return openOtlpHttp(exporter, report);
  const { renderer, exporter: loaded } = await loadModuleExporter(exporter, {
    exportTimeoutMillis: start.batch.exportTimeoutMillis,
    report,
  });
  return { renderer, exporter: loaded, maxConcurrentExports: 1 };
}

/**
 * Makes the pump of a handler that waits for a network, and takes the handler over for it.
 * @returns Undefined when another consumer has taken over already.
 */
export async function createNetworkPump(
  arena: Arena,
  start: WorkerStart & { readonly handler: NetworkDescriptor },
  options: { readonly report: (trouble: string) => void; readonly keepsAlive: boolean },
): Promise<EventPump | undefined> {
  const ownership = new Ownership(arena, readGeometry(arena.words, start.handlerSlot));
  const outlet = await openOutlet(start, options.report);
  if (!ownership.takeOver(start.epoch)) return undefined;
  ownership.noteThread();
  const consumer = new Consumer(arena, {
    handlerSlot: start.handlerSlot,
    renderer: outlet.renderer,
    limits: start.batch,
  });
  return new EventPump({
    arena,
    consumer,
    exporter: outlet.exporter,
    ...start.batch,
    maxConcurrentExports: outlet.maxConcurrentExports,
    keepsAlive: options.keepsAlive,
    isOwner: () => ownership.isOwner,
  });
}
