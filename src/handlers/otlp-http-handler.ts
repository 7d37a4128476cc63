import { FemtoHandler } from "../../processors/batch/handler.ts";
import { packedSource } from "../../processors/worker/source-network.generated.ts";
import { unpackSource } from "../../processors/worker/unpack-source.ts";
import { createBuilder, type Builder } from "../options/builder.ts";
import type { OptionsOf } from "../options/infer.ts";
import { OTLP_HTTP_HANDLER_OPTIONS } from "../options/otlp-http-options.ts";
import { resolveOptions } from "../options/validate.ts";
import { otlpHttpDescriptorOf } from "./otlp-http-choice.ts";
import { persistentQueueOf } from "./persistent-queue.ts";
import { settingsOf, subjectOf } from "./settings.ts";

/** Options of `FemtoOtlpHttpHandler`; CONFIG.md describes each. */
export type OtlpHttpHandlerOptions = OptionsOf<typeof OTLP_HTTP_HANDLER_OPTIONS>;

/**
 * Sends records to an OpenTelemetry Collector, or another receiver of OTLP over HTTP, from a thread of its own: batches of
 * protobuf or JSON, retried while the peer is away.
 *
 * @see OTLP v1.11.0, OTLP/HTTP; OTLP exporter
 */
export class FemtoOtlpHttpHandler extends FemtoHandler {
  /** Where requests go. */
  readonly url: string;

  /**
   * @throws {ConfigError} An option is wrong, a file of `tls` cannot be read, or the directory of `persistentQueue` cannot be written to.
   * Names all faults.
   */
  constructor(options: OtlpHttpHandlerOptions = {}) {
    const subject = subjectOf(options, "otlp-http");
    const resolved = resolveOptions(OTLP_HTTP_HANDLER_OPTIONS, options, { subject });
    super(settingsOf(resolved, "otlp-http"), {
      source: unpackSource(packedSource),
      descriptor: {
        kind: "network",
        exporter: {
          ...otlpHttpDescriptorOf(resolved, subject),
          persistentQueue: persistentQueueOf(resolved.persistentQueue, subject),
        },
      },
    });
    this.url = resolved.url;
  }

  /** A fluent builder: a method for each option, then `build()` or `tryBuild()`. */
  static builder(): Builder<typeof OTLP_HTTP_HANDLER_OPTIONS, FemtoOtlpHttpHandler> {
    return createBuilder(OTLP_HTTP_HANDLER_OPTIONS, (options) => new FemtoOtlpHttpHandler(options));
  }
}
