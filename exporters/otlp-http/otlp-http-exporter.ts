import { OtlpJsonRenderer } from "../../proto/otlp-json-renderer.ts";
import { OtlpProtobufRenderer } from "../../proto/otlp-protobuf-renderer.ts";
import { reportTrouble } from "../../src/diagnostics.ts";
import { headersOf } from "../../processors/worker/headers-module.ts";
import { otlpHttpDescriptorOf } from "../../src/handlers/otlp-http-choice.ts";
import { exporterRetryMillis, OTLP_HTTP_EXPORTER_OPTIONS } from "../../src/options/exporter-options.ts";
import type { OptionsOf } from "../../src/options/infer.ts";
import { resolveOptions } from "../../src/options/validate.ts";
import type { StockOutlet } from "../stock/outlet.ts";
import { senderOutlet } from "../stock/sender-outlet.ts";
import { StockExporter } from "../stock/stock-exporter.ts";

/** Options of `FemtoOtlpHttpExporter`; CONFIG.md describes each. */
export type OtlpHttpExporterOptions = OptionsOf<typeof OTLP_HTTP_EXPORTER_OPTIONS>;

const SUBJECT = "OTLP exporter";

/**
 * Sends records to a receiver of OTLP over HTTP as `FemtoOtlpHttpHandler` does, for the processors of the OpenTelemetry SDK: on the
 * thread that calls it, a request an export, up to `maxConcurrentRequests` at once.
 *
 * @see OTLP v1.11.0, OTLP/HTTP; OTLP exporter
 */
export class FemtoOtlpHttpExporter extends StockExporter {
  /** Where requests go. */
  readonly url: string;

  /** @throws {ConfigError} An option is wrong. Names all faults. */
  constructor(options: OtlpHttpExporterOptions = {}) {
    const resolved = resolveOptions(OTLP_HTTP_EXPORTER_OPTIONS, options, { subject: SUBJECT });
    const retryTimeoutMillis = exporterRetryMillis(resolved);
    const descriptor = otlpHttpDescriptorOf({ ...resolved, retryTimeoutMillis }, SUBJECT);
    const { url, protocol, maxConcurrentRequests } = descriptor;
    const { origin, pathname } = new URL(url);
    // Without credentials and query.
    const target = `${origin}${pathname}`;
    const report = (trouble: string): void => reportTrouble(`${SUBJECT} ${target}`, trouble);
    const renderer = protocol === "http/json" ? new OtlpJsonRenderer() : new OtlpProtobufRenderer();
    const open = async (): Promise<StockOutlet> => {
      // Loaded when it is needed: who writes files needs no HTTP client.
      const { createOtlpHttpSender } = await import("./sender.ts");
      return senderOutlet(createOtlpHttpSender({ ...descriptor, ...headersOf(descriptor, {}), report }), {
        renderer,
        report,
      });
    };
    super({ subject: SUBJECT, target, outlet: open(), concurrentExportsMax: maxConcurrentRequests });
    this.url = url;
  }
}
