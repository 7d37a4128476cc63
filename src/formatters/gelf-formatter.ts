import type { OutputBuffer } from "../../processors/shape/output.ts";
import type { RecordCursor } from "../../processors/shape/record-cursor.ts";
import type { FemtoFormatter } from "../../processors/shape/renderer.ts";
import { GELF_FORMATTER_OPTIONS } from "../options/formatter-options.ts";
import type { OptionsOf } from "../options/infer.ts";
import { resolveOptions } from "../options/validate.ts";
import { FieldNames } from "./field-names.ts";
import type { AttributeGroup } from "./json-groups.ts";
import { JsonLine } from "./json-line.ts";
import { jsonText } from "./json-value.ts";
import { hostOf, resourceText, textField } from "./vendor-fields.ts";
import { levelText, syslogLevel } from "./vendor-levels.ts";

/** Options of `FemtoGelfFormatter`; plain data. CONFIG.md describes each. */
export type GelfFormatterOptions = OptionsOf<typeof GELF_FORMATTER_OPTIONS>;

const STACK: AttributeGroup = {
  open: ",",
  members: [{ attribute: "exception.stacktrace", key: '"full_message":', isText: true }],
  close: "",
};

/** Names of additional fields, without their "_". Graylog keeps `_id` for itself. */
const FIELDS: readonly string[] = [
  "id",
  "logger",
  "severity",
  "event",
  "service",
  "trace_id",
  "span_id",
  "dropped_attributes",
];

/**
 * Graylog Extended Log Format 1.1, one object a record:
 *
 *     {"version":"1.1","timestamp":1385053862.307,"host":"example.org","level":6,"short_message":"…","_logger":"shop",…}
 *
 * `level` is syslog's. `full_message` is the stack of the exception, where there is one. Attributes are additional fields
 * with "_" before their names; characters that GELF does not have in names become "_", and one with the name of a field
 * above, or "id", is written as "_attributes.<key>". Values are strings and numbers as GELF asks: booleans are "true" and
 * "false", arrays and maps JSON in a string, null is left out. Runs on the thread that drains the queue; never throws.
 * For GELF over TCP the terminator is a null byte: option `terminator` of the handler.
 *
 * @see GELF Payload Specification 1.1
 */
export class FemtoGelfFormatter implements FemtoFormatter {
  /** What it was made with. */
  readonly options: GelfFormatterOptions;
  readonly #line: JsonLine;

  /** @throws {ConfigError} An option is wrong. Names all faults. */
  constructor(options: GelfFormatterOptions = {}) {
    const { host } = resolveOptions(GELF_FORMATTER_OPTIONS, options, {
      action: "make",
      subject: "a GELF formatter",
    });
    this.options = { ...options };
    this.#line = new JsonLine({
      timeKey: '{"version":"1.1","timestamp":',
      time: "epoch-seconds",
      head: (shape) =>
        `,"host":${jsonText(hostOf(shape, host))},"level":${syslogLevel(shape.severityNumber)}`,
      messageKey: ',"short_message":',
      message: "text",
      afterMessage: (shape) =>
        textField("_logger", shape.scope.name) +
        textField("_severity", levelText(shape)) +
        textField("_event", shape.eventName) +
        textField("_service", resourceText(shape, "service.name")),
      span: { trace: ',"_trace_id":"', span: '","_span_id":"', flags: "", end: '"', form: "ids" },
      keyHead: ',"_',
      names: new FieldNames({
        reserved: FIELDS,
        leftOut: STACK.members.map(({ attribute }) => attribute),
        allowed: /[\w.-]/,
      }),
      values: "flat",
      groups: [STACK],
      droppedKey: ',"_dropped_attributes":',
      end: "",
    });
  }

  format(record: RecordCursor, out: OutputBuffer): void {
    this.#line.format(record, out);
  }
}
