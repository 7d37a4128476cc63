import type { OutputBuffer } from "../../processors/shape/output.ts";
import type { RecordCursor } from "../../processors/shape/record-cursor.ts";
import type { FemtoFormatter } from "../../processors/shape/renderer.ts";
import type { Shape } from "../../processors/shape/shape.ts";
import { ECS_FORMATTER_OPTIONS } from "../options/formatter-options.ts";
import type { OptionsOf } from "../options/infer.ts";
import { resolveOptions } from "../options/validate.ts";
import { FieldNames } from "./field-names.ts";
import type { AttributeGroup } from "./json-groups.ts";
import { JsonLine } from "./json-line.ts";
import { jsonText } from "./json-value.ts";
import { hostOf, resourceText, textField } from "./vendor-fields.ts";
import { levelText } from "./vendor-levels.ts";

/** Options of `FemtoEcsFormatter`; plain data. CONFIG.md describes each. */
export type EcsFormatterOptions = OptionsOf<typeof ECS_FORMATTER_OPTIONS>;

const ECS_VERSION = "8.11.0";

const EXCEPTION: AttributeGroup = {
  open: ",",
  members: [
    { attribute: "exception.type", key: '"error.type":', isText: true },
    { attribute: "exception.message", key: '"error.message":', isText: true },
    { attribute: "exception.stacktrace", key: '"error.stack_trace":', isText: true },
  ],
  close: "",
};

const FIELDS: readonly string[] = [
  "@timestamp",
  "log.level",
  "message",
  "ecs.version",
  "log.logger",
  "event.action",
  "event.dataset",
  "service.name",
  "service.version",
  "service.environment",
  "host.hostname",
  "process.pid",
  "trace.id",
  "span.id",
  "error.type",
  "error.message",
  "error.stack_trace",
  "dropped_attributes",
];

/** Names of the schema that stand for objects: a document in which one is a text or number is refused. */
const OBJECTS: readonly string[] = (
  "agent client cloud container data_stream destination device dll dns ecs email entity error event " +
  "faas file group host http labels log network observer orchestrator organization package process " +
  "registry related rule server service source span threat tls trace transaction url user user_agent " +
  "volume vulnerability"
).split(" ");

/**
 * JSON lines with the fields of the Elastic Common Schema, dots in their names; the first four in the order that Elastic's
 * loggers keep:
 *
 *     {"@timestamp":"2026-11-22T17:28:06.123Z","log.level":"INFO","message":"…","ecs.version":"8.11.0","log.logger":"shop",…}
 *
 * `service.name`, `service.version` and `service.environment` come from the resource, `error.*` from the exception,
 * `event.action` is the event name. Attributes follow flat under their own names; one with the name of a field above, or
 * of an object of the schema such as "user", is written as "attributes.<key>". Runs on the thread that drains the queue; never throws.
 *
 * @see ECS Logging, specification: order of the first fields; ECS 8.11 field reference
 */
export class FemtoEcsFormatter implements FemtoFormatter {
  /** What it was made with. */
  readonly options: EcsFormatterOptions;
  readonly #line: JsonLine;

  /** @throws {ConfigError} An option is wrong. Names all faults. */
  constructor(options: EcsFormatterOptions = {}) {
    const { dataset } = resolveOptions(ECS_FORMATTER_OPTIONS, options, {
      action: "make",
      subject: "an ECS formatter",
    });
    this.options = { ...options };
    this.#line = new JsonLine({
      timeKey: '{"@timestamp":',
      time: "iso-millis",
      head: (shape) => `,"log.level":${jsonText(levelText(shape))}`,
      messageKey: ',"message":',
      message: "text",
      afterMessage: (shape) => afterMessage(shape, dataset),
      span: { trace: ',"trace.id":"', span: '","span.id":"', flags: "", end: '"', form: "ids" },
      keyHead: ',"',
      names: new FieldNames({
        reserved: [...FIELDS, ...OBJECTS],
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

function afterMessage(shape: Shape, dataset: string | undefined): string {
  return [
    textField("ecs.version", ECS_VERSION),
    textField("log.logger", shape.scope.name),
    textField("event.action", shape.eventName),
    textField("event.dataset", dataset),
    textField("service.name", resourceText(shape, "service.name")),
    textField("service.version", resourceText(shape, "service.version")),
    textField(
      "service.environment",
      resourceText(shape, "deployment.environment.name", "deployment.environment"),
    ),
    textField("host.hostname", hostOf(shape, undefined)),
    `,"process.pid":${process.pid}`,
  ].join("");
}
