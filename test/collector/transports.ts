/** The ways to the collector: each test of what arrives runs over all of them. */
import {
  FemtoOtlpGrpcHandler,
  FemtoOtlpHttpHandler,
  type FemtoHandler,
  type OtlpHttpHandlerOptions,
} from "../../src/index.ts";
import type { Otelcol } from "../../examples/shop/otelcol.ts";

/** What tests set on any handler. */
export type TransportOptions = Pick<
  OtlpHttpHandlerOptions,
  | "name"
  | "compression"
  | "overflow"
  | "blockTimeoutMillis"
  | "queueBytes"
  | "maxConcurrentRequests"
  | "maxExportBatchSize"
  | "timeoutMillis"
  | "retryTimeoutMillis"
>;

/** One way: a handler, and the port that it sends to. */
export interface Transport {
  readonly name: string;
  /** Opens a handler that sends to the collector. */
  readonly open: (collector: Otelcol, options: TransportOptions) => FemtoHandler;
}

/** A row each. */
export const TRANSPORTS: readonly Transport[] = [
  { name: "HTTP protobuf", open: openHttp("http/protobuf") },
  { name: "HTTP JSON", open: openHttp("http/json") },
  {
    name: "gRPC",
    open: ({ grpcEndpoint }, options) =>
      new FemtoOtlpGrpcHandler({ ...options, url: `http://${String(grpcEndpoint)}` }),
  },
];

/** Each transport, plain and compressed. */
export const WAYS: readonly (Transport & { readonly compression: "none" | "gzip" })[] = TRANSPORTS.flatMap(
  (transport) => (["none", "gzip"] as const).map((compression) => ({ ...transport, compression })),
);

function openHttp(protocol: NonNullable<OtlpHttpHandlerOptions["protocol"]>): Transport["open"] {
  return ({ httpEndpoint }, options) =>
    new FemtoOtlpHttpHandler({ ...options, protocol, url: `http://${String(httpEndpoint)}/v1/logs` });
}
