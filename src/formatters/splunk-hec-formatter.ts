import type { OutputBuffer } from "../../processors/shape/output.ts";
import type { RecordCursor } from "../../processors/shape/record-cursor.ts";
import type { FemtoFormatter } from "../../processors/shape/renderer.ts";
import type { Shape } from "../../processors/shape/shape.ts";
import { SPLUNK_HEC_FORMATTER_OPTIONS } from "../options/formatter-options.ts";
import type { OptionsOf, ResolvedOf } from "../options/infer.ts";
import { resolveOptions } from "../options/validate.ts";
import { FieldNames } from "./field-names.ts";
import { JsonLine } from "./json-line.ts";
import { jsonText } from "./json-value.ts";
import { hostOf, objectField, resourceText, textField } from "./vendor-fields.ts";
import { levelText } from "./vendor-levels.ts";

/** Options of `FemtoSplunkHecFormatter`; plain data. CONFIG.md describes each. */
export type SplunkHecFormatterOptions = OptionsOf<typeof SPLUNK_HEC_FORMATTER_OPTIONS>;

const FIELDS: readonly string[] = [
  "severity",
  "logger",
  "message",
  "event_name",
  "service",
  "trace_id",
  "span_id",
  "dropped_attributes",
];

/**
 * Events for the HTTP Event Collector of Splunk, one object a record:
 *
 *     {"time":1426279439.123,"host":"localhost","sourcetype":"_json","event":{"severity":"INFO","logger":"shop","message":"…",…}}
 *
 * Everything the record has stands in `event`, attributes flat under their own names; one with the name of a field of
 * ours is written as "attributes.<key>". `fields` are those of the options. A body of many lines is what the collector
 * takes as one request. Runs on the thread that drains the queue; never throws.
 *
 * @see Splunk, Format events for HTTP Event Collector: event metadata
 */
export class FemtoSplunkHecFormatter implements FemtoFormatter {
  /** What it was made with. */
  readonly options: SplunkHecFormatterOptions;
  readonly #line: JsonLine;

  /** @throws {ConfigError} An option is wrong. Names all faults. */
  constructor(options: SplunkHecFormatterOptions = {}) {
    const resolved = resolveOptions(SPLUNK_HEC_FORMATTER_OPTIONS, options, {
      action: "make",
      subject: "a Splunk HEC formatter",
    });
    this.options = { ...options };
    this.#line = new JsonLine({
      timeKey: '{"time":',
      time: "epoch-seconds",
      head: (shape) => metadata(shape, resolved) + eventHead(shape),
      messageKey: ',"message":',
      message: "value",
      afterMessage: (shape) =>
        textField("event_name", shape.eventName) + textField("service", resourceText(shape, "service.name")),
      span: { trace: ',"trace_id":"', span: '","span_id":"', flags: "", end: '"', form: "ids" },
      keyHead: ',"',
      names: new FieldNames({ reserved: FIELDS }),
      values: "any",
      groups: [],
      droppedKey: ',"dropped_attributes":',
      end: "}",
    });
  }

  format(record: RecordCursor, out: OutputBuffer): void {
    this.#line.format(record, out);
  }
}

function metadata(shape: Shape, options: ResolvedOf<typeof SPLUNK_HEC_FORMATTER_OPTIONS>): string {
  return [
    textField("host", hostOf(shape, options.host)),
    textField("source", options.source),
    textField("sourcetype", options.sourcetype),
    textField("index", options.index),
    objectField("fields", options.fields),
  ].join("");
}

function eventHead(shape: Shape): string {
  return `,"event":{"severity":${jsonText(levelText(shape))},"logger":${jsonText(shape.scope.name)}`;
}
