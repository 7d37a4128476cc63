import { createOtlpHttpSender } from "../../exporters/otlp-http/sender.ts";
import { OtlpJsonRenderer } from "../../proto/otlp-json-renderer.ts";
import { OtlpProtobufRenderer } from "../../proto/otlp-protobuf-renderer.ts";
import type { Arena } from "../queue/arena.ts";
import type { EventPump } from "./event-pump.ts";
import { openHttp } from "./http-registry.ts";
import {
  createModulePump,
  createPump,
  type NetworkOutlet,
  type NetworkStart,
  type PumpOptions,
} from "./network-pump.ts";
import type { HttpDescriptor, OtlpHttpDescriptor, SyslogDescriptor } from "./protocol.ts";
import { openSyslog } from "./syslog-registry.ts";
import { SendingExporter } from "./sending-exporter.ts";

function openOtlpHttp(descriptor: OtlpHttpDescriptor, report: (trouble: string) => void): NetworkOutlet {
  const renderer = descriptor.protocol === "http/json" ? new OtlpJsonRenderer() : new OtlpProtobufRenderer();
  const exporter = new SendingExporter(createOtlpHttpSender({ ...descriptor, report }), report);
  return { renderer, exporter, maxConcurrentExports: descriptor.maxConcurrentRequests };
}

function open(
  descriptor: OtlpHttpDescriptor | HttpDescriptor | SyslogDescriptor,
  options: PumpOptions,
): NetworkOutlet | Promise<NetworkOutlet> {
  switch (descriptor.kind) {
    case "otlp-http":
      return openOtlpHttp(descriptor, options.report);
    case "http":
      return openHttp(descriptor, options);
    case "syslog":
      return openSyslog(descriptor, options.report);
  }
}

/**
 * Makes the pump of a handler that waits for a network, and takes the handler over for it.
 * @returns Undefined when another consumer has taken over already.
 */
export function createNetworkPump(
  arena: Arena,
  start: NetworkStart,
  options: PumpOptions,
): Promise<EventPump | undefined> {
  const { exporter } = start.handler;
  if (exporter.kind === "module") return createModulePump(arena, start, exporter, options);
  return createPump(arena, start, () => open(exporter, options), options);
}
