import { createOtlpHttpSender } from "../../exporters/otlp-http/sender.ts";
import { createSocketSender } from "../../exporters/socket/sender.ts";
import { SocketRenderer } from "../../exporters/socket/socket-renderer.ts";
import { OtlpJsonRenderer } from "../../proto/otlp-json-renderer.ts";
import { OtlpProtobufRenderer } from "../../proto/otlp-protobuf-renderer.ts";
import type { Arena } from "../queue/arena.ts";
import type { EventPump } from "./event-pump.ts";
import { headersOf } from "./headers-module.ts";
import { openHttp } from "./http-registry.ts";
import { openSending, type SendingParts } from "./persistent-registry.ts";
import {
  createModulePump,
  createPump,
  type NetworkOutlet,
  type NetworkStart,
  type PumpOptions,
} from "./network-pump.ts";
import type {
  HttpDescriptor,
  OtlpGrpcDescriptor,
  OtlpHttpDescriptor,
  SocketDescriptor,
  SyslogDescriptor,
} from "./protocol.ts";
import { SendingExporter } from "./sending-exporter.ts";
import { openSyslog } from "./syslog-registry.ts";

/** Whose outlet is opened. */
type Place = Pick<SendingParts, "arena" | "handlerSlot"> & PumpOptions;

function openOtlpHttp(descriptor: OtlpHttpDescriptor, place: Place): NetworkOutlet {
  const isJson = descriptor.protocol === "http/json";
  const headers = headersOf(descriptor, place);
  const sending = openSending(descriptor, {
    ...place,
    encoding: isJson ? "otlp-json" : "otlp-protobuf",
    isJoinable: !isJson,
    open: (settings) => createOtlpHttpSender({ ...descriptor, ...headers, ...settings }),
  });
  return { renderer: isJson ? new OtlpJsonRenderer() : new OtlpProtobufRenderer(), ...sending };
}

function open(
  descriptor: OtlpHttpDescriptor | OtlpGrpcDescriptor | HttpDescriptor | SyslogDescriptor | SocketDescriptor,
  options: Place,
): NetworkOutlet | Promise<NetworkOutlet> {
  switch (descriptor.kind) {
    case "otlp-http":
      return openOtlpHttp(descriptor, options);
    case "http":
      return openHttp(descriptor, options);
    case "syslog":
      return openSyslog(descriptor, options.report);
    case "socket":
      return openSocket(descriptor, options.report);
    case "otlp-grpc":
      throw new TypeError('Cannot open an exporter of kind "otlp-grpc": it has a program of its own');
  }
}

function openSocket(descriptor: SocketDescriptor, report: (trouble: string) => void): NetworkOutlet {
  const sender = createSocketSender({ ...descriptor, report });
  return {
    renderer: new SocketRenderer({ ...descriptor, report }),
    exporter: new SendingExporter(sender, report),
    // Frames of several batches on one connection must not mix, and all bytes of one are in the renderer's memory.
    maxConcurrentExports: 1,
  };
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
  return createPump(
    arena,
    start,
    () => open(exporter, { ...options, arena, handlerSlot: start.handlerSlot }),
    options,
  );
}
