import { silenceGrpc } from "../../exporters/otlp-grpc/quiet.ts";
import { createOtlpGrpcSender } from "../../exporters/otlp-grpc/sender.ts";
import { OtlpProtobufRenderer } from "../../proto/otlp-protobuf-renderer.ts";
import type { Arena } from "../queue/arena.ts";
import type { EventPump } from "./event-pump.ts";
import { headersOf } from "./headers-module.ts";
import { createPump, type NetworkOutlet, type NetworkStart, type PumpOptions } from "./network-pump.ts";
import type { NetworkDescriptor, OtlpGrpcDescriptor } from "./protocol.ts";
import { openSending, type SendingParts } from "./persistent-registry.ts";

/** Whose outlet is opened. */
type Place = Pick<SendingParts, "arena" | "handlerSlot"> & PumpOptions;

function openOtlpGrpc(descriptor: OtlpGrpcDescriptor, place: Place): NetworkOutlet {
  silenceGrpc();
  const headers = headersOf(descriptor, place);
  const sending = openSending(descriptor, {
    ...place,
    encoding: "otlp-protobuf",
    isJoinable: true,
    open: (settings) => createOtlpGrpcSender({ ...descriptor, ...headers, ...settings }),
  });
  return { renderer: new OtlpProtobufRenderer(), ...sending };
}

/** @throws {TypeError} A handler was started with the program of another kind of handler. */
function grpcDescriptor(exporter: NetworkDescriptor["exporter"]): OtlpGrpcDescriptor {
  if (exporter.kind === "otlp-grpc") return exporter;
  throw new TypeError(
    `Cannot open an exporter of kind "${exporter.kind}": this program has "otlp-grpc" only`,
  );
}

/**
 * Makes the pump of a handler that sends by gRPC, and takes the handler over for it: a registry of its own, so that no other
 * handler's thread carries grpc-js.
 * @returns Undefined when another consumer has taken over already.
 */
export async function createNetworkPump(
  arena: Arena,
  start: NetworkStart,
  options: PumpOptions,
): Promise<EventPump | undefined> {
  const descriptor = grpcDescriptor(start.handler.exporter);
  return createPump(
    arena,
    start,
    () => openOtlpGrpc(descriptor, { ...options, arena, handlerSlot: start.handlerSlot }),
    options,
  );
}
