import { ROOT_CONTEXT, trace } from "@opentelemetry/api";
import type { LogRecordExporter, LogRecordProcessor, ReadWriteLogRecord } from "@opentelemetry/sdk-logs";
import { exporterOutlet } from "../../processors/batch/exporter-outlet.ts";
import { FemtoHandler } from "../../processors/batch/handler.ts";
import { messageOf } from "../../processors/shape/object-encoder.ts";
import { reportTrouble } from "../diagnostics.ts";
import { PROCESSOR_OPTIONS } from "../options/processor-options.ts";
import { resolveOptions } from "../options/validate.ts";
import type { FemtoLogRecord } from "../record/log-record.ts";
import { settingsOf } from "../handlers/settings.ts";
import { WritableRecord } from "./writable-record.ts";

const SUCCESS = 0;

const handlers = new WeakMap<object, ProcessorHandler>();

/**
 * Brings the records of loggers to a log record processor of the OpenTelemetry SDK, on this thread's event loop: soon after the
 * call, in order, and from all threads. The context that a processor gets holds the span of the record, and nothing else.
 */
export class ProcessorHandler extends FemtoHandler {
  /** Use `ProcessorHandler.of`. */
  private constructor(processor: LogRecordProcessor) {
    const options = resolveOptions(
      PROCESSOR_OPTIONS,
      { scheduledDelayMillis: 0 },
      { subject: "handler of a processor" },
    );
    super(settingsOf(options, "processor"), { descriptor: exporterOutlet(exporterOf(processor)) });
  }

  /** The handler of a processor: the same one each time. */
  static of(processor: LogRecordProcessor): FemtoHandler {
    if (processor instanceof FemtoHandler) return processor;
    let handler = handlers.get(processor);
    if (handler === undefined) {
      handler = new ProcessorHandler(processor);
      handlers.set(processor, handler);
    }
    return handler;
  }
}

function exporterOf(processor: LogRecordProcessor): LogRecordExporter {
  return {
    export: (records, resultCallback) => {
      for (const record of records) emit(processor, record as unknown as FemtoLogRecord);
      resultCallback({ code: SUCCESS });
    },
    forceFlush: () => processor.forceFlush(),
    shutdown: () => processor.shutdown(),
  };
}

function emit(processor: LogRecordProcessor, record: FemtoLogRecord): void {
  const { spanContext } = record;
  const context = spanContext === undefined ? ROOT_CONTEXT : trace.setSpanContext(ROOT_CONTEXT, spanContext);
  const writable = new WritableRecord(record, {
    resource: undefined,
    attributeCountMax: Number.POSITIVE_INFINITY,
  });
  try {
    processor.onEmit(writable as unknown as ReadWriteLogRecord, context);
  } catch (error) {
    reportTrouble("processor", `A log record processor threw: ${messageOf(error)}`);
  }
}
