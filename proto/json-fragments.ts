import { makeFragment, type Fragment } from "../processors/shape/output.ts";
import type { Shape } from "../processors/shape/shape.ts";
import { INSIDE_JSON_STRING } from "../src/formatters/body-value.ts";
import { TextBody } from "../src/formatters/body.ts";
import { jsonText } from "./json-any-value.ts";
import type { ScopeBatch, ShapeContext } from "./scope-batches.ts";
import { canCarryTemplate, templateKey } from "./template-attribute.ts";

/** What of a LogRecord in OTLP/JSON is the same for all records of a shape. */
export interface JsonRecordFragments {
  /** From the end of the times on: severity, event name, a body that no value can change. */
  readonly fields: Fragment;
  /** The text of the body; undefined where that is constant or no text. */
  readonly text: TextBody | undefined;
  /** For each key the attribute as far as the value. */
  readonly pairHeads: readonly Fragment[];
  /** The attribute with the template, whole, a comma after it; undefined where it is not carried. */
  readonly template: Fragment | undefined;
}

/** The same for one renderer, and the batch that the records go to. */
export interface JsonFragments extends JsonRecordFragments {
  readonly owner: object;
  readonly batch: ScopeBatch;
}

/** Makes the fragments of a shape for one renderer. */
export function makeJsonFragments(shape: Shape, context: ShapeContext): JsonFragments {
  const { owner, batch, includeTemplate } = context;
  return { owner, batch, ...makeJsonRecordFragments(shape, includeTemplate) };
}

/** Makes what does not depend on the renderer. */
export function makeJsonRecordFragments(shape: Shape, includeTemplate: boolean): JsonRecordFragments {
  const hasText = shape.body !== "value" && shape.body !== "none";
  const text = hasText ? new TextBody(shape, INSIDE_JSON_STRING) : undefined;
  const carriesTemplate = includeTemplate && canCarryTemplate(shape);
  return {
    fields: makeFragment(constantFields(shape, text?.constant)),
    text: text?.constant === undefined ? text : undefined,
    pairHeads: shape.keys.map((key) => makeFragment(pairHead(key))),
    template: carriesTemplate ? makeFragment(templatePair(shape.template)) : undefined,
  };
}

/** @param body The constant text, escaped already. */
function constantFields(shape: Shape, body: string | undefined): string {
  let fields = '"';
  if (shape.severityNumber !== 0) fields += `,"severityNumber":${shape.severityNumber}`;
  if (shape.severityText !== "") fields += `,"severityText":${jsonText(shape.severityText)}`;
  if (shape.eventName) fields += `,"eventName":${jsonText(shape.eventName)}`;
  if (body !== undefined) fields += `,"body":{"stringValue":"${body}"}`;
  return fields;
}

function templatePair(template: string): string {
  return `${pairHead(templateKey)}{"stringValue":${jsonText(template)}}},`;
}

function pairHead(key: string): string {
  return `{"key":${jsonText(key)},"value":`;
}
