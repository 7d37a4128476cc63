import { FemtoHandler } from "../../processors/batch/handler.ts";
import type { ProcessorSettings } from "../../processors/batch/settings.ts";
import { packedSource } from "../../processors/worker/source-network.generated.ts";
import { unpackSource } from "../../processors/worker/unpack-source.ts";
import { createBuilder, type Builder } from "../options/builder.ts";
import { HTTP_HANDLER_OPTIONS } from "../options/http-options.ts";
import type { OptionsOf } from "../options/infer.ts";
import { resolveOptions } from "../options/validate.ts";
import { withFormatter } from "./formatter-choice.ts";
import { httpDescriptorOf, type HttpFormat } from "./http-choice.ts";
import { settingsOf, subjectOf } from "./settings.ts";

/** Options of `FemtoHttpHandler`; CONFIG.md describes each. */
export type HttpHandlerOptions = OptionsOf<typeof HTTP_HANDLER_OPTIONS>;

/**
 * Sends records to a web server by HTTP, from a thread of its own: batches as JSON or lines, in the format of a vendor too, or one record a request as Python's
 * HTTPHandler does. Tried again while the server is away or busy.
 *
 * @see RFC 9110
 */
export class FemtoHttpHandler extends FemtoHandler {
  /** Where requests go. */
  readonly url: string;

  /** @throws {ConfigError} An option is wrong, or a file of `tls` cannot be read. Names all faults. */
  constructor(options: HttpHandlerOptions) {
    const subject = subjectOf(options, "http");
    const resolved = resolveOptions(HTTP_HANDLER_OPTIONS, options, { subject });
    const exporter = httpDescriptorOf(resolved, subject);
    const settings = batchesOf(settingsOf(resolved, "http"), exporter.format);
    const { mapping } = exporter;
    super(mapping.kind === "formatter" ? withFormatter(settings, mapping.formatter) : settings, {
      source: unpackSource(packedSource),
      descriptor: { kind: "network", exporter },
    });
    this.url = resolved.url;
  }

  /** A fluent builder: a method for each option, then `build()` or `tryBuild()`. */
  static builder(): Builder<typeof HTTP_HANDLER_OPTIONS, FemtoHttpHandler> {
    return createBuilder(HTTP_HANDLER_OPTIONS, (options) => new FemtoHttpHandler(options));
  }
}

/** One record a request is a batch of one: so retries, counters and limits are those of all requests. */
function batchesOf(settings: ProcessorSettings, format: HttpFormat): ProcessorSettings {
  const isBatch = format === "json-array" || format === "ndjson";
  return isBatch ? settings : { ...settings, maxExportBatchSize: 1 };
}
