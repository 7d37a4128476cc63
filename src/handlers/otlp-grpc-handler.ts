import { isMetadata, metadataRule } from "../../exporters/otlp-grpc/options.ts";
import { FemtoHandler } from "../../processors/batch/handler.ts";
import { packedSource } from "../../processors/worker/source-grpc.generated.ts";
import { unpackSource } from "../../processors/worker/unpack-source.ts";
import { ConfigError } from "../errors.ts";
import { createBuilder, type Builder } from "../options/builder.ts";
import type { OptionsOf } from "../options/infer.ts";
import { OTLP_GRPC_HANDLER_OPTIONS } from "../options/otlp-grpc-options.ts";
import { hintFor } from "../options/read-value.ts";
import { resolveOptions } from "../options/validate.ts";
import { chooseGrpcProxy } from "./grpc-proxy.ts";
import { headersModuleOf } from "./headers-module.ts";
import { deliveryTimesOf } from "./otlp-times.ts";
import { otlpTlsOf } from "./otlp-tls.ts";
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
    checkHeaders(options.headers ?? {}, subject);
    const { url } = resolved;
    const isSecure = hasScheme(url) ? url.startsWith("https:") : !resolved.insecure;
    super(settingsOf(resolved, "otlp-grpc"), {
      source: unpackSource(packedSource),
      descriptor: {
        kind: "network",
        exporter: {
          kind: "otlp-grpc",
          url,
          insecure: resolved.insecure,
          headers: resolved.headers,
          tls: otlpTlsOf(resolved.tls, { url: isSecure ? "https:" : url, subject }),
          proxy: chooseGrpcProxy(resolved.proxy, { url, isSecure, subject }),
          headersModule: headersModuleOf(resolved.headersModule),
          compression: resolved.compression,
          ...deliveryTimesOf(resolved),
          maxRequestBytes: resolved.maxRequestBytes,
          maxConcurrentRequests: resolved.maxConcurrentRequests,
          persistentQueue: persistentQueueOf(resolved.persistentQueue, subject),
        },
      },
    });
    this.url = url;
  }

  /** A fluent builder: a method for each option, then `build()` or `tryBuild()`. */
  static builder(): Builder<typeof OTLP_GRPC_HANDLER_OPTIONS, FemtoOtlpGrpcHandler> {
    return createBuilder(OTLP_GRPC_HANDLER_OPTIONS, (options) => new FemtoOtlpGrpcHandler(options));
  }
}

function hasScheme(url: string): boolean {
  return /^(?:https?|unix):/i.test(url);
}

/** Those of variables are not the caller's doing: the handler's thread says which it leaves out. */
function checkHeaders(headers: Readonly<Record<string, string>>, subject: string): void {
  const problems = Object.entries(headers)
    .filter(([name, value]) => !isMetadata(name.toLowerCase(), value))
    .map(([name]) => ({
      path: `headers.${name}`,
      value: "[hidden string]",
      expected: metadataRule,
      hint: hintFor("headers"),
    }));
  if (problems.length > 0) throw new ConfigError(`Cannot start ${subject}`, problems);
}
