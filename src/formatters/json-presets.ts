/** The layouts of `FemtoJsonFormatter`. */
import { hostname } from "node:os";
import type { Shape } from "../../processors/shape/shape.ts";
import { FieldNames } from "./field-names.ts";
import type { AttributeGroup } from "./json-groups.ts";
import type { JsonLayout } from "./json-line.ts";
import type { JsonNames } from "./json-names.ts";
import { jsonText } from "./json-value.ts";
import type { RecordTimeForm } from "./record-time.ts";
import type { SpanLayout } from "./span-fields.ts";
import { textField } from "./vendor-fields.ts";
import { levelText, pinoLevel } from "./vendor-levels.ts";

/** Our own. */
export function femtoLayout(names: JsonNames, time: RecordTimeForm): JsonLayout {
  const headOf = (shape: Shape): string => {
    const severity = names.severity === false ? "" : `,${jsonText(names.severity)}:${shape.severityNumber}`;
    return `,${jsonText(names.level)}:${jsonText(levelText(shape))}${severity},${jsonText(names.logger)}:${jsonText(shape.scope.name)}`;
  };
  return {
    timeKey: `{${jsonText(names.time)}:`,
    time,
    head: headOf,
    messageKey: `,${jsonText(names.msg)}:`,
    message: "value",
    afterMessage: (shape) =>
      shape.eventName === undefined ? "" : `,${jsonText(names.event)}:${jsonText(shape.eventName)}`,
    span: {
      trace: `,${jsonText(names.traceId)}:"`,
      span: `",${jsonText(names.spanId)}:"`,
      flags: `",${jsonText(names.traceFlags)}:"`,
      end: '"',
      form: "hex",
    },
    keyHead: ',"',
    names: new FieldNames({
      reserved: Object.values(names).filter((name: string | false): name is string => name !== false),
    }),
    values: "any",
    groups: [],
    droppedKey: `,${jsonText(names.droppedAttributes)}:`,
    end: "",
  };
}

const SPAN: SpanLayout = {
  trace: ',"trace_id":"',
  span: '","span_id":"',
  flags: '","trace_flags":"',
  end: '"',
  form: "hex",
};

const EXCEPTION: AttributeGroup = {
  open: ',"err":{',
  members: [
    { attribute: "exception.type", key: '"type":', isText: true },
    { attribute: "exception.message", key: '"message":', isText: true },
    { attribute: "exception.stacktrace", key: '"stack":', isText: true },
  ],
  close: "}",
};

/** bunyan's serializer of errors calls the type a name. */
const BUNYAN_EXCEPTION: AttributeGroup = {
  ...EXCEPTION,
  members: EXCEPTION.members.map((member) => ({ ...member, key: member.key.replace('"type"', '"name"') })),
};

const OTHERS_FIELDS: readonly string[] = [
  "time",
  "level",
  "pid",
  "hostname",
  "name",
  "msg",
  "event",
  "err",
  "trace_id",
  "span_id",
  "trace_flags",
  "dropped_attributes",
];

interface OtherLogger {
  readonly time: RecordTimeForm;
  readonly exception: AttributeGroup;
  /** Fields of each record. */
  readonly constant: string;
  readonly reserved: readonly string[];
}

/** What pino and bunyan have in common. */
function otherLayout({ time, exception, constant, reserved }: OtherLogger): JsonLayout {
  const origin = `,"pid":${process.pid},"hostname":${jsonText(hostname())}`;
  return {
    timeKey: '{"time":',
    time,
    head: (shape) =>
      `,"level":${pinoLevel(shape.severityNumber)}${origin},"name":${jsonText(shape.scope.name)}`,
    messageKey: ',"msg":',
    message: "text",
    afterMessage: (shape) => textField("event", shape.eventName),
    span: SPAN,
    keyHead: ',"',
    names: new FieldNames({
      reserved,
      leftOut: exception.members.map(({ attribute }) => attribute),
    }),
    values: "any",
    groups: [exception],
    droppedKey: ',"dropped_attributes":',
    end: constant,
  };
}

/** Pino's: what pino-pretty and other tools of pino read. */
export function pinoLayout(time: RecordTimeForm): JsonLayout {
  return otherLayout({ time, exception: EXCEPTION, constant: "", reserved: OTHERS_FIELDS });
}

/** bunyan's, version 0: what the bunyan program reads. */
export function bunyanLayout(time: RecordTimeForm): JsonLayout {
  return otherLayout({
    time,
    exception: BUNYAN_EXCEPTION,
    constant: ',"v":0',
    reserved: [...OTHERS_FIELDS, "v"],
  });
}
