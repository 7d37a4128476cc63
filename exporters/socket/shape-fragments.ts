import type { Fragment } from "../../processors/shape/output.ts";
import type { ResourceDefinition, Shape } from "../../processors/shape/shape.ts";
import { AS_IT_IS } from "../../src/formatters/body-value.ts";
import { TextBody } from "../../src/formatters/body.ts";
import { severityName } from "../../src/record/severity.ts";
import type { ConstantFields, ConstantFieldWriter } from "./constant-fields.ts";
import {
  EVENT_NAME_FIELD,
  EXCEPTION_PREFIX,
  LEVEL_FIELD,
  LOGGER_FIELD,
  MESSAGE_FIELD,
  RESOURCE_FIELD,
  RESOURCE_SCHEMA_URL_FIELD,
  SCOPE_ATTRIBUTES_FIELD,
  SCOPE_SCHEMA_URL_FIELD,
  SCOPE_VERSION_FIELD,
  SEVERITY_NUMBER_FIELD,
  TEMPLATE_FIELD,
} from "./record-fields.ts";
import type { WireCodec } from "./wire-codec.ts";

/** What of a frame is the same for all records of a shape. */
export interface ShapeFragments {
  readonly owner: object;
  /** The resource that `tail` tells of: complete only when its asynchronous attributes have come. */
  readonly resource: ResourceDefinition;
  /** Logger, level, and a message that no value can change. */
  readonly head: ConstantFields;
  /** The text of the message; undefined where that is constant or no text. */
  readonly text: TextBody | undefined;
  /** One for each key of the shape. */
  readonly keys: readonly Fragment[];
  /** Whether the key at the same place belongs to the exception. */
  readonly isException: readonly boolean[];
  readonly hasException: boolean;
  /** Severity number, event, template, scope and resource. */
  readonly tail: ConstantFields;
  /** Bytes of the last message: a guess how long the next one is. */
  textBytes: number;
}

/** What fragments are made with. */
export interface FragmentContext {
  readonly owner: object;
  readonly codec: WireCodec;
  readonly writer: ConstantFieldWriter;
  readonly includeResource: boolean;
}

/** Computes the fragments of a shape. */
export function makeShapeFragments(shape: Shape, context: FragmentContext): ShapeFragments {
  const { owner, codec, writer, includeResource } = context;
  const { resource } = shape.scope;
  const hasText = shape.body !== "value" && shape.body !== "none";
  const text = hasText ? new TextBody(shape, codec.escape) : undefined;
  const isConstant = text?.constant !== undefined;
  // The codec escapes it, if it has to.
  const message = isConstant ? new TextBody(shape, AS_IT_IS).constant : undefined;
  const isException = shape.keys.map((key) => key.startsWith(EXCEPTION_PREFIX));
  return {
    owner,
    resource,
    head: writer.fields({
      [LOGGER_FIELD]: shape.scope.name,
      [LEVEL_FIELD]: shape.severityText || severityName(shape.severityNumber),
      [MESSAGE_FIELD]: message,
    }),
    text: isConstant ? undefined : text,
    keys: shape.keys.map((key, i) => writer.key(isException[i] ? key.slice(EXCEPTION_PREFIX.length) : key)),
    isException,
    hasException: isException.includes(true),
    tail: writer.fields({
      [SEVERITY_NUMBER_FIELD]: shape.severityNumber || undefined,
      [EVENT_NAME_FIELD]: shape.eventName,
      [TEMPLATE_FIELD]: isConstant ? undefined : shape.template || undefined,
      ...scopeFields(shape),
      ...(includeResource ? resourceFields(resource) : {}),
    }),
    textBytes: shape.template.length,
  };
}

function scopeFields({ scope }: Shape): Readonly<Record<string, unknown>> {
  return {
    [SCOPE_VERSION_FIELD]: scope.version,
    [SCOPE_SCHEMA_URL_FIELD]: scope.schemaUrl,
    [SCOPE_ATTRIBUTES_FIELD]: Object.keys(scope.attributes).length === 0 ? undefined : scope.attributes,
  };
}

function resourceFields(resource: ResourceDefinition): Readonly<Record<string, unknown>> {
  return {
    [RESOURCE_FIELD]: Object.keys(resource.attributes).length === 0 ? undefined : resource.attributes,
    [RESOURCE_SCHEMA_URL_FIELD]: resource.schemaUrl,
  };
}
