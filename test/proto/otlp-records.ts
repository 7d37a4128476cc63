/** Records made by hand for the tests of the OTLP renderers: what the encoder would leave in a queue. */
import { parseTemplate } from "../../src/record/template.ts";
import { RecordEncoder } from "../../processors/shape/encoder.ts";
import { FLAG_DROPPED, FLAG_EXTRAS, FLAG_SPAN, FLAG_TIMESTAMP } from "../../processors/shape/frame.ts";
import { RecordCursor } from "../../processors/shape/record-cursor.ts";
import type { BodyStyle, ResourceDefinition, ScopeDefinition, Shape } from "../../processors/shape/shape.ts";
import { DEFAULT_ENCODER_LIMITS } from "../../processors/shape/value-writer.ts";

export function resourceOf(
  attributes: Record<string, unknown> = {},
  more: { schemaUrl?: string; pending?: boolean } = {},
): ResourceDefinition {
  return { attributes, schemaUrl: more.schemaUrl, pending: more.pending ?? false };
}

export function scopeOf(name: string, more: Partial<Omit<ScopeDefinition, "name">> = {}): ScopeDefinition {
  return {
    name,
    version: more.version,
    schemaUrl: more.schemaUrl,
    attributes: more.attributes ?? {},
    resource: more.resource ?? resourceOf(),
  };
}

export interface ShapeParts {
  readonly scope?: ScopeDefinition;
  readonly severityNumber?: number;
  readonly severityText?: string;
  readonly body?: BodyStyle;
  readonly template?: string;
  readonly argumentCount?: number;
  readonly keys?: readonly string[];
  readonly eventName?: string;
}

export function shapeOf(parts: ShapeParts = {}): Shape {
  const template = parts.template ?? "";
  const parsed = parseTemplate(template);
  const body = parts.body ?? (template === "" ? "none" : parsed.style);
  return {
    scope: parts.scope ?? scopeOf("test"),
    severityNumber: parts.severityNumber ?? 9,
    severityText: parts.severityText ?? "INFO",
    body,
    template,
    parsed,
    argumentCount: parts.argumentCount ?? (body === "value" ? 1 : parsed.argumentCount),
    keys: parts.keys ?? [],
    eventName: parts.eventName,
    fragments: undefined,
  };
}

export interface RecordParts {
  readonly shape?: Shape;
  /** Arguments first, then one for each key of the shape. */
  readonly values?: readonly unknown[];
  readonly extras?: Readonly<Record<string, unknown>>;
  readonly millis?: number;
  readonly timestamp?: { readonly seconds: number; readonly nanos: number };
  /** Ids in hex. */
  readonly span?: { readonly traceId: string; readonly spanId: string; readonly flags: number };
  readonly droppedCount?: number;
}

/** 2026-11-22T17:28:06.123Z */
export const TEST_MILLIS = 1_795_368_486_123;

/** A cursor over one record, which stands in shared memory as it would in a queue. */
export function recordOf(parts: RecordParts): RecordCursor {
  const shape = parts.shape ?? shapeOf();
  const frame = frameOf(parts);
  const memory = Buffer.from(new SharedArrayBuffer(frame.length + 64));
  memory.fill(0xa5);
  memory.set(frame, 16);
  const cursor = new RecordCursor(memory);
  cursor.load(16);
  cursor.shape = shape;
  return cursor;
}

const encoder = new RecordEncoder();

function frameOf(parts: RecordParts): Uint8Array {
  encoder.begin(DEFAULT_ENCODER_LIMITS);
  let flags = 1;
  if (parts.timestamp !== undefined) {
    flags |= FLAG_TIMESTAMP;
    encoder.float64(parts.timestamp.seconds);
    encoder.uint32(parts.timestamp.nanos);
  }
  if (parts.span !== undefined) {
    flags |= FLAG_SPAN;
    encoder.encoded(Buffer.from(parts.span.traceId + parts.span.spanId, "hex"));
    encoder.uint32(parts.span.flags);
  }
  if (parts.droppedCount !== undefined) {
    flags |= FLAG_DROPPED;
    encoder.uint32(parts.droppedCount);
  }
  for (const value of parts.values ?? []) encoder.value(value);
  if (parts.extras !== undefined) {
    flags |= FLAG_EXTRAS;
    const pairs = Object.entries(parts.extras);
    encoder.uint32(pairs.length);
    for (const [key, value] of pairs) {
      encoder.text(key);
      encoder.value(value);
    }
  }
  const length = encoder.finish(flags, parts.millis ?? TEST_MILLIS);
  return Uint8Array.prototype.slice.call(encoder.bytes, 0, length);
}
