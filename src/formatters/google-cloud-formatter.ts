import type { OutputBuffer } from "../../processors/shape/output.ts";
import type { RecordCursor } from "../../processors/shape/record-cursor.ts";
import type { FemtoFormatter } from "../../processors/shape/renderer.ts";
import type { Shape } from "../../processors/shape/shape.ts";
import { GOOGLE_CLOUD_FORMATTER_OPTIONS } from "../options/formatter-options.ts";
import type { OptionsOf } from "../options/infer.ts";
import { resolveOptions } from "../options/validate.ts";
import { severityName } from "../record/severity.ts";
import { FieldNames } from "./field-names.ts";
import type { AttributeGroup } from "./json-groups.ts";
import { JsonLine } from "./json-line.ts";
import { jsonText } from "./json-value.ts";
import { objectField, resourceText, textField } from "./vendor-fields.ts";
import { googleSeverity } from "./vendor-levels.ts";

/** Options of `FemtoGoogleCloudFormatter`; plain data. CONFIG.md describes each. */
export type GoogleCloudFormatterOptions = OptionsOf<typeof GOOGLE_CLOUD_FORMATTER_OPTIONS>;

const REPORTED = "type.googleapis.com/google.devtools.clouderrorreporting.v1beta1.ReportedErrorEvent";

const SOURCE_LOCATION: AttributeGroup = {
  open: ',"logging.googleapis.com/sourceLocation":{',
  members: [
    { attribute: "code.file.path", key: '"file":', isText: true },
    { attribute: "code.line.number", key: '"line":', isText: true },
    { attribute: "code.function.name", key: '"function":', isText: true },
  ],
  close: "}",
};

function stackGroup(isReported: boolean): AttributeGroup {
  return {
    open: isReported ? `,"@type":"${REPORTED}",` : ",",
    members: [{ attribute: "exception.stacktrace", key: '"stack_trace":', isText: true }],
    close: "",
  };
}

const FIELDS: readonly string[] = [
  "@type",
  "time",
  "timestamp",
  "severity",
  "message",
  "logger",
  "level",
  "event",
  "serviceContext",
  "stack_trace",
  "dropped_attributes",
  "httpRequest",
  "logging.googleapis.com/insertId",
  "logging.googleapis.com/labels",
  "logging.googleapis.com/operation",
  "logging.googleapis.com/sourceLocation",
  "logging.googleapis.com/spanId",
  "logging.googleapis.com/trace",
  "logging.googleapis.com/trace_sampled",
];

/**
 * JSON lines with the special fields that Google Cloud's agents and run-times take out of standard output:
 *
 *     {"time":"2026-11-22T17:28:06.123456Z","severity":"INFO","message":"…","logger":"shop",
 *      "logging.googleapis.com/trace":"projects/…/traces/…","logging.googleapis.com/spanId":"…",…}
 *
 * `code.file.path`, `code.line.number` and `code.function.name` become the source location. A record with a stack has
 * `stack_trace` and is marked for Error Reporting. Attributes follow flat under their own names; one with the name of a
 * field of Google's or ours is written as "attributes.<key>". Runs on the thread that drains the queue; never throws.
 *
 * @see Google Cloud, Structured logging: special JSON fields; Error Reporting: formatting errors
 */
export class FemtoGoogleCloudFormatter implements FemtoFormatter {
  /** What it was made with. */
  readonly options: GoogleCloudFormatterOptions;
  readonly #line: JsonLine;

  /** @throws {ConfigError} An option is wrong. Names all faults. */
  constructor(options: GoogleCloudFormatterOptions = {}) {
    const { projectId, labels, reportErrors } = resolveOptions(GOOGLE_CLOUD_FORMATTER_OPTIONS, options, {
      action: "make",
      subject: "a Google Cloud formatter",
    });
    this.options = { ...options };
    const groups = [SOURCE_LOCATION, stackGroup(reportErrors)];
    const project = projectId === undefined ? "" : jsonText(`projects/${projectId}/traces/`).slice(1, -1);
    this.#line = new JsonLine({
      timeKey: '{"time":',
      time: "iso",
      head: (shape) => `,"severity":"${googleSeverity(shape.severityNumber)}"`,
      messageKey: ',"message":',
      message: "text",
      afterMessage: (shape) =>
        afterMessage(shape) + objectField("logging.googleapis.com/labels", texts(labels)),
      span: {
        trace: `,"logging.googleapis.com/trace":"${project}`,
        span: '","logging.googleapis.com/spanId":"',
        flags: '","logging.googleapis.com/trace_sampled":',
        end: "",
        form: "sampled",
      },
      keyHead: ',"',
      names: new FieldNames({
        reserved: FIELDS,
        leftOut: groups.flatMap(({ members }) => members.map(({ attribute }) => attribute)),
      }),
      values: "any",
      groups,
      droppedKey: ',"dropped_attributes":',
      end: "",
    });
  }

  format(record: RecordCursor, out: OutputBuffer): void {
    this.#line.format(record, out);
  }
}

function afterMessage(shape: Shape): string {
  const service = resourceText(shape, "service.name");
  const version = resourceText(shape, "service.version");
  return [
    textField("logger", shape.scope.name),
    textField("level", ownLevel(shape)),
    textField("event", shape.eventName),
    service === undefined
      ? ""
      : objectField("serviceContext", version === undefined ? { service } : { service, version }),
  ].join("");
}

/** A word for the level that is not the usual one of its number: `severity` does not say it. */
function ownLevel({ severityText, severityNumber }: Shape): string {
  const isUsual = [severityName(severityNumber), googleSeverity(severityNumber)].includes(severityText);
  return isUsual ? "" : severityText;
}

/** Labels are texts. */
function texts(
  labels: Readonly<Record<string, string | number | boolean>> | undefined,
): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(labels ?? {}).map(([name, value]) => [name, String(value)]));
}
