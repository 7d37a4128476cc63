import { FemtoHandler } from "../../processors/batch/handler.ts";
import { packedSource } from "../../processors/worker/source-grpc.generated.ts";
import { unpackSource } from "../../processors/worker/unpack-source.ts";
import { createBuilder, type Builder } from "../options/builder.ts";
import type { OptionsOf } from "../options/infer.ts";
import { OTLP_GRPC_HANDLER_OPTIONS } from "../options/otlp-grpc-options.ts";
import { resolveOptions } from "../options/validate.ts";
import { otlpGrpcDescriptorOf } from "./otlp-grpc-choice.ts";
import { persistentQueueOf } from "./persistent-queue.ts";
import { settingsOf, subjectOf } from "./settings.ts";

/** Options of `FemtoOtlpGrpcHandler`; CONFIG.md describes each. */
export type OtlpGrpcHandlerOptions = OptionsOf<typeof OTLP_GRPC_HANDLER_OPTIONS>;

/**
 * Sends records to an OpenTelemetry Collector, or another receiver of OTLP over gRPC, from a thread of its own: batches of
 * protobuf, retried while the peer is away.
 *
 * @see OTLP v1.11.0, OTLP/gRPC; OTLP exporter
 */
export class FemtoOtlpGrpcHandler extends FemtoHandler {
  /** Where requests go: a URL, or `host:port`. */
  readonly url: string;

  /**
   * @throws {ConfigError} An option is wrong, a file of `tls` cannot be read, or the directory of `persistentQueue` cannot be written to.
   * Names all faults.
   */
  constructor(options: OtlpGrpcHandlerOptions = {}) {
    const subject = subjectOf(options, "otlp-grpc");
    const resolved = resolveOptions(OTLP_GRPC_HANDLER_OPTIONS, options, { subject });
    const exporter = otlpGrpcDescriptorOf(resolved, { subject, givenHeaders: options.headers });
    super(settingsOf(resolved, "otlp-grpc"), {
      source: unpackSource(packedSource),
      descriptor: {
        kind: "network",
        exporter: { ...exporter, persistentQueue: persistentQueueOf(resolved.persistentQueue, subject) },
      },
    });
    this.url = resolved.url;
  }

  /** A fluent builder: a method for each option, then `build()` or `tryBuild()`. */
  static builder(): Builder<typeof OTLP_GRPC_HANDLER_OPTIONS, FemtoOtlpGrpcHandler> {
    return createBuilder(OTLP_GRPC_HANDLER_OPTIONS, (options) => new FemtoOtlpGrpcHandler(options));
  }
}
