import { RecordEncoder } from "../../processors/shape/encoder.ts";
import { FLAG_DROPPED, FLAG_EXTRAS, FLAG_SPAN, FLAG_TIMESTAMP } from "../../processors/shape/frame.ts";
import { OutputBuffer } from "../../processors/shape/output.ts";
import { RecordCursor } from "../../processors/shape/record-cursor.ts";
import type { FemtoFormatter } from "../../processors/shape/renderer.ts";
import type { BodyStyle, Shape } from "../../processors/shape/shape.ts";
import { DEFAULT_ENCODER_LIMITS } from "../../processors/shape/value-writer.ts";
import { parseTemplate } from "../../src/record/template.ts";

/** A record to be made; what is left out is as in `NOON`: INFO, "shop", no attributes. */
export interface RecordInput {
  readonly template?: string;
  /** Default: the style of the template. */
  readonly body?: BodyStyle;
  readonly arguments?: readonly unknown[];
  readonly attributes?: Readonly<Record<string, unknown>>;
  readonly extras?: Readonly<Record<string, unknown>>;
  readonly logger?: string;
  readonly severityNumber?: number;
  readonly severityText?: string;
  readonly eventName?: string;
  readonly millis?: number;
  readonly timestamp?: readonly [seconds: number, nanos: number];
  /** Trace id and span id in hexadecimal digits, and the flags. */
  readonly span?: { readonly traceId: string; readonly spanId: string; readonly flags: number };
  readonly droppedCount?: number;
}

/** 2026-11-22T17:28:06.123Z. */
export const RECORD_MILLIS: number = Date.UTC(2026, 10, 22, 17, 28, 6, 123);

export const SPAN = {
  traceId: "4bf92f3577b34da6a3ce929d0e0e4736",
  spanId: "00f067aa0ba902b7",
  flags: 1,
} as const;

/** The shape of a record, as a reader of a queue would know it. */
export function makeShape(input: RecordInput): Shape {
  const template = input.template ?? "";
  const parsed = parseTemplate(template);
  return {
    scope: {
      name: input.logger ?? "shop",
      version: undefined,
      schemaUrl: undefined,
      attributes: {},
      resource: { attributes: {}, schemaUrl: undefined, pending: false },
    },
    severityNumber: input.severityNumber ?? 9,
    severityText: input.severityText ?? "INFO",
    body: input.body ?? parsed.style,
    template,
    parsed,
    argumentCount: input.arguments?.length ?? 0,
    keys: Object.keys(input.attributes ?? {}),
    eventName: input.eventName,
    fragments: undefined,
  };
}

/** A record that ends with its memory, in shared memory, so that reading too far is an error. */
export function makeRecord(input: RecordInput, shape: Shape = makeShape(input)): RecordCursor {
  const encoder = new RecordEncoder();
  encoder.begin(DEFAULT_ENCODER_LIMITS);
  const flags = encodeOptional(encoder, input);
  for (const value of input.arguments ?? []) encoder.value(value);
  for (const value of Object.values(input.attributes ?? {})) encoder.value(value);
  if (input.extras !== undefined) encodeExtras(encoder, input.extras);
  const byteCount = encoder.finish(1 | flags, input.millis ?? RECORD_MILLIS);
  const memory = Buffer.from(new SharedArrayBuffer(byteCount));
  memory.set(encoder.bytes.subarray(0, byteCount));
  const record = new RecordCursor(memory);
  record.load(0);
  record.shape = shape;
  return record;
}

function encodeOptional(encoder: RecordEncoder, input: RecordInput): number {
  let flags = input.extras === undefined ? 0 : FLAG_EXTRAS;
  if (input.timestamp !== undefined) {
    flags |= FLAG_TIMESTAMP;
    encoder.float64(input.timestamp[0]);
    encoder.uint32(input.timestamp[1]);
  }
  if (input.span !== undefined) {
    flags |= FLAG_SPAN;
    encoder.encoded(Buffer.from(input.span.traceId + input.span.spanId, "hex"));
    encoder.uint32(input.span.flags);
  }
  if (input.droppedCount !== undefined) {
    flags |= FLAG_DROPPED;
    encoder.uint32(input.droppedCount);
  }
  return flags;
}

function encodeExtras(encoder: RecordEncoder, extras: Readonly<Record<string, unknown>>): void {
  const entries = Object.entries(extras);
  encoder.uint32(entries.length);
  for (const [key, value] of entries) {
    encoder.text(key);
    encoder.value(value);
  }
}

/** What a formatter writes for a record. @throws {TypeError} It is no valid UTF-8. */
export function format(formatter: FemtoFormatter, record: RecordCursor): string {
  const out = new OutputBuffer(16);
  formatter.format(record, out);
  return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(out.written());
}
