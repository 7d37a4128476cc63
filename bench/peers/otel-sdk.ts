/** @opentelemetry/sdk-logs with its batch processor. */
import { type ExportResult, ExportResultCode } from "@opentelemetry/core";
import { OTLPLogExporter } from "@opentelemetry/exporter-logs-otlp-proto";
import {
  BatchLogRecordProcessor,
  LoggerProvider,
  type LogRecordExporter,
  type ReadableLogRecord,
} from "@opentelemetry/sdk-logs";

import { compileBurst, type CallSource, type Site } from "../sites.ts";
import { Verification } from "../verify.ts";
import type { OtlpSubject, OtlpSubjectOptions, OtlpTransport } from "./otlp-subject.ts";
import { delayText, nothing, type OpenSubject } from "./subject.ts";

/** A burst of the call-cost case, and some. */
const BURST_QUEUE_SIZE = 16_384;

const call: CallSource = (text, attributes) =>
  `log.emit({ severityNumber: 9, severityText: "INFO", body: ${text}, attributes: ${attributes} })`;

/** Takes records and does nothing with them, which is the least an exporter can cost. */
class VerifyingExporter implements LogRecordExporter {
  readonly #verification: Verification;

  constructor(sites: readonly Site[]) {
    this.#verification = new Verification(sites);
  }

  export(records: ReadableLogRecord[], done: (result: ExportResult) => void): void {
    const verification = this.#verification;
    for (const { body, attributes } of records) {
      if (verification.isSampleNext) verification.take({ message: body, attributes });
      else verification.skip();
    }
    done({ code: ExportResultCode.SUCCESS });
  }

  verify(logged: number): string {
    return this.#verification.finish(logged);
  }

  forceFlush(): Promise<void> {
    return nothing();
  }

  shutdown(): Promise<void> {
    return nothing();
  }
}

/** The batch processor before an exporter that does nothing; its queue holds a whole burst. */
export const openSdkNoExport: OpenSubject = ({ sites }) => {
  const exporter = new VerifyingExporter(sites);
  const processor = new BatchLogRecordProcessor({ exporter, maxQueueSize: BURST_QUEUE_SIZE });
  const provider = new LoggerProvider({ processors: [processor] });
  const flush = (): Promise<void> => provider.forceFlush();
  return Promise.resolve({
    settings: `BatchLogRecordProcessor({ maxQueueSize: ${BURST_QUEUE_SIZE} }), all else default, exporter does nothing`,
    burst: compileBurst(provider.getLogger("bench.call"), sites, call),
    chunkSize: BURST_QUEUE_SIZE / 4,
    settle: flush,
    finish: flush,
    close: () => provider.shutdown(),
    verify: (logged: number) => exporter.verify(logged),
  });
};

/** Tells of each answer, so that the caller can keep the queue full but not overfull. */
class WatchedExporter implements LogRecordExporter {
  readonly #exporter: LogRecordExporter;
  #exportedCount = 0;
  #failure: Error | undefined;
  #wake: (() => void) | undefined;

  constructor(exporter: LogRecordExporter) {
    this.#exporter = exporter;
  }

  export(records: ReadableLogRecord[], done: (result: ExportResult) => void): void {
    this.#exporter.export(records, (result) => {
      this.#failure ??= result.error;
      this.#exportedCount += records.length;
      done(result);
      this.#wake?.();
    });
  }

  forceFlush(): Promise<void> {
    return this.#exporter.forceFlush();
  }

  shutdown(): Promise<void> {
    return this.#exporter.shutdown();
  }

  /** @throws {Error} An export has failed. */
  async untilExported(count: number): Promise<void> {
    while (this.#exportedCount < count && this.#failure === undefined) {
      await new Promise<void>((resolve) => (this.#wake = resolve));
    }
    if (this.#failure !== undefined) throw this.#failure;
  }
}

/** The exporter for protobuf over HTTP, or that for gRPC, with its defaults. */
async function makeExporter(transport: OtlpTransport, url: string): Promise<LogRecordExporter> {
  if (transport === "http") return new OTLPLogExporter({ url });
  const grpc = await import("@opentelemetry/exporter-logs-otlp-grpc");
  return new grpc.OTLPLogExporter({ url });
}

/**
 * The batch processor with the OTLP exporter for protobuf over HTTP, or for gRPC. The queue holds four batches unless told otherwise, which is the SDK's default for its
 * default batch of 512. The caller logs on while requests are under way and waits when the queue is full, so that nothing is dropped.
 */
export async function openSdkOtlp(
  options: OtlpSubjectOptions & { readonly batchSize: number; readonly maxQueueSize?: number },
): Promise<OtlpSubject> {
  const { url, sites, batchSize, maxQueueSize = 4 * batchSize, transport = "http", ...delay } = options;
  const exporter = new WatchedExporter(await makeExporter(transport, url));
  const processor = new BatchLogRecordProcessor({
    exporter,
    maxQueueSize,
    maxExportBatchSize: batchSize,
    ...delay,
  });
  const provider = new LoggerProvider({ processors: [processor] });
  const burst = compileBurst(provider.getLogger("bench.call"), sites, call);
  let begunCount = 0;
  return {
    settings: `BatchLogRecordProcessor({ maxQueueSize: ${maxQueueSize}, maxExportBatchSize: ${batchSize}${delayText(options)} }), OTLPLogExporter({ url }) for ${transport === "http" ? "protobuf over HTTP" : "gRPC"}`,
    burst: (begin, end) => {
      burst(begin, end);
      begunCount = end;
    },
    chunkSize: batchSize,
    settle: () => exporter.untilExported(begunCount - maxQueueSize + batchSize),
    finish: () => provider.forceFlush(),
    close: () => provider.shutdown(),
  };
}
