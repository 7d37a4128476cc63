import type { OutputBuffer } from "../../processors/shape/output.ts";
import type { RecordCursor } from "../../processors/shape/record-cursor.ts";
import type { FemtoFormatter } from "../../processors/shape/renderer.ts";
import type { Shape } from "../../processors/shape/shape.ts";
import { DATADOG_FORMATTER_OPTIONS } from "../options/formatter-options.ts";
import type { OptionsOf, ResolvedOf } from "../options/infer.ts";
import { resolveOptions } from "../options/validate.ts";
import { FieldNames } from "./field-names.ts";
import type { AttributeGroup } from "./json-groups.ts";
import { JsonLine } from "./json-line.ts";
import { jsonText } from "./json-value.ts";
import { hostOf, resourceText, textField } from "./vendor-fields.ts";
import { datadogStatus } from "./vendor-levels.ts";

/** Options of `FemtoDatadogFormatter`; plain data. CONFIG.md describes each. */
export type DatadogFormatterOptions = OptionsOf<typeof DATADOG_FORMATTER_OPTIONS>;

const EXCEPTION: AttributeGroup = {
  open: ",",
  members: [
    { attribute: "exception.type", key: '"error.kind":', isText: true },
    { attribute: "exception.message", key: '"error.message":', isText: true },
    { attribute: "exception.stacktrace", key: '"error.stack":', isText: true },
  ],
  close: "",
};

const FIELDS: readonly string[] = [
  "timestamp",
  "status",
  "message",
  "service",
  "ddsource",
  "ddtags",
  "hostname",
  "logger.name",
  "event.name",
  "dd.trace_id",
  "dd.span_id",
  "error.kind",
  "error.message",
  "error.stack",
  "dropped_attributes",
];

/**
 * JSON lines with the reserved and standard attributes of Datadog:
 *
 *     {"timestamp":"2026-11-22T17:28:06.123Z","status":"info","message":"…","ddsource":"nodejs","service":"shop",
 *      "ddtags":"env:prod,version:1.2","hostname":"…","logger.name":"shop.checkout","dd.trace_id":"…","dd.span_id":"…",…}
 *
 * The ids are the low 64 bits in decimal, by which Datadog finds a record's trace. `error.*` tells of the exception.
 * Attributes follow flat under their own names; one with the name of a field above is written as "attributes.<key>".
 * Runs on the thread that drains the queue; never throws.
 *
 * @see Datadog, Attributes and Aliasing; Correlate OpenTelemetry Traces and Logs
 */
export class FemtoDatadogFormatter implements FemtoFormatter {
  /** What it was made with. */
  readonly options: DatadogFormatterOptions;
  readonly #line: JsonLine;

  /** @throws {ConfigError} An option is wrong. Names all faults. */
  constructor(options: DatadogFormatterOptions = {}) {
    const resolved = resolveOptions(DATADOG_FORMATTER_OPTIONS, options, {
      action: "make",
      subject: "a Datadog formatter",
    });
    this.options = { ...options };
    this.#line = new JsonLine({
      timeKey: '{"timestamp":',
      time: "iso-millis",
      head: (shape) => `,"status":${jsonText(datadogStatus(shape.severityNumber))}`,
      messageKey: ',"message":',
      message: "text",
      afterMessage: (shape) => afterMessage(shape, resolved),
      span: { trace: ',"dd.trace_id":"', span: '","dd.span_id":"', flags: "", end: '"', form: "decimal" },
      keyHead: ',"',
      names: new FieldNames({
        reserved: FIELDS,
        leftOut: EXCEPTION.members.map(({ attribute }) => attribute),
      }),
      values: "any",
      groups: [EXCEPTION],
      droppedKey: ',"dropped_attributes":',
      end: "",
    });
  }

  format(record: RecordCursor, out: OutputBuffer): void {
    this.#line.format(record, out);
  }
}

function afterMessage(shape: Shape, options: ResolvedOf<typeof DATADOG_FORMATTER_OPTIONS>): string {
  const env = options.env ?? resourceText(shape, "deployment.environment.name", "deployment.environment");
  const version = options.version ?? resourceText(shape, "service.version");
  const tags = [tag("env", env), tag("version", version)].filter((text) => text !== "");
  return [
    textField("ddsource", options.source),
    textField("service", options.service ?? resourceText(shape, "service.name")),
    textField("ddtags", tags.join(",")),
    textField("hostname", hostOf(shape, options.host)),
    textField("logger.name", shape.scope.name),
    textField("event.name", shape.eventName),
  ].join("");
}

/** A comma would end the tag. */
function tag(name: string, value: string | undefined): string {
  return value === undefined ? "" : `${name}:${value.replaceAll(",", "_")}`;
}
