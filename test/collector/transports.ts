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
  | "tls"
>;

/** One way: a handler, and the port that it sends to. */
export interface Transport {
  readonly name: string;
  readonly compressions: readonly NonNullable<TransportOptions["compression"]>[];
  /** Opens a handler that sends to the collector. */
  readonly open: (collector: Otelcol, options: TransportOptions) => FemtoHandler;
}

/** A row each. */
export const TRANSPORTS: readonly Transport[] = [
  { name: "HTTP protobuf", compressions: ["none", "gzip", "zstd"], open: openHttp("http/protobuf") },
  { name: "HTTP JSON", compressions: ["none", "gzip", "zstd"], open: openHttp("http/json") },
  {
    name: "gRPC",
    compressions: ["none", "gzip"],
    open: ({ grpcEndpoint }, { compression, ...options }) => {
      if (compression === "zstd") throw new RangeError("gRPC has no zstd here");
      const url = `${schemeOf(options)}://${String(grpcEndpoint)}`;
      return new FemtoOtlpGrpcHandler({ ...options, compression, url });
    },
  },
];

/** Each transport, plain and compressed. */
export const WAYS: readonly (Transport & Pick<TransportOptions, "compression">)[] = TRANSPORTS.flatMap(
  (transport) => transport.compressions.map((compression) => ({ ...transport, compression })),
);

function openHttp(protocol: NonNullable<OtlpHttpHandlerOptions["protocol"]>): Transport["open"] {
  return ({ httpEndpoint }, options) => {
    const url = `${schemeOf(options)}://${String(httpEndpoint)}/v1/logs`;
    return new FemtoOtlpHttpHandler({ ...options, protocol, url });
  };
}

function schemeOf({ tls }: TransportOptions): "http" | "https" {
  return tls === undefined ? "http" : "https";
}
