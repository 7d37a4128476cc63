import { OtlpProtobufRenderer } from "../../proto/otlp-protobuf-renderer.ts";
import { reportTrouble } from "../../src/diagnostics.ts";
import { headersOf } from "../../processors/worker/headers-module.ts";
import { otlpGrpcDescriptorOf } from "../../src/handlers/otlp-grpc-choice.ts";
import { exporterRetryMillis, OTLP_GRPC_EXPORTER_OPTIONS } from "../../src/options/exporter-options.ts";
import type { OptionsOf } from "../../src/options/infer.ts";
import { resolveOptions } from "../../src/options/validate.ts";
import type { StockOutlet } from "../stock/outlet.ts";
import { senderOutlet } from "../stock/sender-outlet.ts";
import { StockExporter } from "../stock/stock-exporter.ts";
import { grpcTarget } from "./target.ts";

/** Options of `FemtoOtlpGrpcExporter`; CONFIG.md describes each. */
export type OtlpGrpcExporterOptions = OptionsOf<typeof OTLP_GRPC_EXPORTER_OPTIONS>;

const SUBJECT = "OTLP/gRPC exporter";

/**
 * Sends records to a receiver of OTLP over gRPC as `FemtoOtlpGrpcHandler` does, for the processors of the OpenTelemetry SDK: on the
 * thread that calls it, a call an export, up to `maxConcurrentRequests` at once.
 *
 * @see OTLP v1.11.0, OTLP/gRPC; OTLP exporter
 */
export class FemtoOtlpGrpcExporter extends StockExporter {
  /** Where requests go: a URL, or `host:port`. */
  readonly url: string;

  /** @throws {ConfigError} An option is wrong, or a file of `tls` cannot be read. Names all faults. */
  constructor(options: OtlpGrpcExporterOptions = {}) {
    const resolved = resolveOptions(OTLP_GRPC_EXPORTER_OPTIONS, options, { subject: SUBJECT });
    const retryTimeoutMillis = exporterRetryMillis(resolved);
    const descriptor = otlpGrpcDescriptorOf(
      { ...resolved, retryTimeoutMillis },
      { subject: SUBJECT, givenHeaders: options.headers },
    );
    const { url, insecure, maxConcurrentRequests } = descriptor;
    const target = grpcTarget(url, insecure).shownUrl;
    const report = (trouble: string): void => reportTrouble(`${SUBJECT} ${target}`, trouble);
    const open = async (): Promise<StockOutlet> => {
      // Loaded when it is needed: who uses other exporters needs no grpc-js.
      const { createOtlpGrpcSender } = await import("./sender.ts");
      return senderOutlet(createOtlpGrpcSender({ ...descriptor, ...headersOf(descriptor, {}), report }), {
        renderer: new OtlpProtobufRenderer(),
        report,
      });
    };
    super({ subject: SUBJECT, target, outlet: open(), concurrentExportsMax: maxConcurrentRequests });
    this.url = url;
  }
}
