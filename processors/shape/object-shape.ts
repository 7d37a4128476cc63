import { parseTemplate } from "../../src/record/template.ts";
import type { EmittedRecord } from "./emit-shapes.ts";
import type { ScopeDefinition, Shape } from "./shape.ts";

/** Of a record object what its shape is made of. */
export type ShapedRecord = Pick<
  EmittedRecord,
  "severityNumber" | "severityText" | "eventName" | "template" | "body"
>;

/** The same for records of a scope that have the same shape. */
export function objectShapeKey(record: ShapedRecord): string {
  const { severityNumber, severityText, eventName, template = "" } = record;
  return JSON.stringify([severityNumber, severityText, eventName, template, bodyOf(record)]);
}

/** The shape of a record that is made from an object: its body is one value, its attributes are all extras. */
export function objectShape(scope: ScopeDefinition, record: ShapedRecord): Shape {
  const { severityNumber, severityText, eventName, template = "" } = record;
  const body = bodyOf(record);
  return {
    scope,
    severityNumber,
    severityText,
    body,
    template,
    parsed: parseTemplate(""),
    argumentCount: body === "value" ? 1 : 0,
    keys: [],
    eventName,
    fragments: undefined,
  };
}

function bodyOf({ body }: ShapedRecord): "none" | "value" {
  return body === undefined ? "none" : "value";
}
