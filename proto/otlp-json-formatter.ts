import type { OutputBuffer } from "../processors/shape/output.ts";
import type { RecordCursor } from "../processors/shape/record-cursor.ts";
import type { FemtoFormatter } from "../processors/shape/renderer.ts";
import type { ResourceDefinition, ScopeDefinition, Shape } from "../processors/shape/shape.ts";
import { OTLP_JSON_FORMATTER_OPTIONS } from "../src/options/formatter-options.ts";
import type { OptionsOf } from "../src/options/infer.ts";
import { resolveOptions } from "../src/options/validate.ts";
import { JsonEnvelopeWriter } from "./json-envelope.ts";
import { makeJsonRecordFragments, type JsonRecordFragments } from "./json-fragments.ts";
import { writeJsonRecord } from "./json-record.ts";
import { UnixNanosText } from "./unix-nanos.ts";

/** Options of `FemtoOtlpJsonFormatter`; plain data. CONFIG.md describes each. */
export type OtlpJsonFormatterOptions = OptionsOf<typeof OTLP_JSON_FORMATTER_OPTIONS>;

const REQUEST_HEAD: Uint8Array = Buffer.from('{"resourceLogs":[');
const REQUEST_END: Uint8Array = Buffer.from("]}");

/** What stands around a record: the same for all records of a scope. */
interface LineEnvelope {
  /** The one whose attributes the head tells: asynchronous ones come later, in another one. */
  readonly resource: ResourceDefinition;
  readonly head: Uint8Array;
  readonly tail: Uint8Array;
}

/** What one formatter has computed of one shape. */
interface LineParts {
  readonly owner: FemtoOtlpJsonFormatter;
  readonly envelope: LineEnvelope;
  readonly fragments: JsonRecordFragments;
}

/**
 * OTLP JSON lines: each record is a whole `LogsData` with its resource and scope, on one line. What the OTLP JSON File
 * receiver of the Collector reads. Encoding UTF-8 and terminator "\n", the defaults of handlers, are part of the format.
 * Runs on the thread that drains the queue; never throws.
 *
 * @see OpenTelemetry Protocol File Exporter, JSON lines file; OTLP 1.11.0, JSON Protobuf Encoding
 */
export class FemtoOtlpJsonFormatter implements FemtoFormatter {
  /** What it was made with. */
  readonly options: OtlpJsonFormatterOptions;
  readonly #includeTemplate: boolean;
  readonly #writer = new JsonEnvelopeWriter();
  readonly #envelopes = new WeakMap<ScopeDefinition, LineEnvelope>();
  readonly #nanos = new UnixNanosText();

  /** @throws {ConfigError} An option is wrong. Names all faults. */
  constructor(options: OtlpJsonFormatterOptions = {}) {
    const { includeTemplate } = resolveOptions(OTLP_JSON_FORMATTER_OPTIONS, options, {
      action: "make",
      subject: "an OTLP JSON formatter",
    });
    this.options = { ...options };
    this.#includeTemplate = includeTemplate;
  }

  format(record: RecordCursor, out: OutputBuffer): void {
    const { envelope, fragments } = this.#partsOf(record.shape);
    out.append(envelope.head);
    writeJsonRecord(out, record, { fragments, nanos: this.#nanos });
    out.append(envelope.tail);
  }

  #partsOf(shape: Shape): LineParts {
    const known = shape.fragments as LineParts | undefined;
    if (known?.owner === this && known.envelope.resource === shape.scope.resource) return known;
    const parts: LineParts = {
      owner: this,
      envelope: this.#envelopeOf(shape.scope),
      fragments: makeJsonRecordFragments(shape, this.#includeTemplate),
    };
    shape.fragments = parts;
    return parts;
  }

  #envelopeOf(scope: ScopeDefinition): LineEnvelope {
    const { resource } = scope;
    const known = this.#envelopes.get(scope);
    if (known?.resource === resource) return known;
    const around = this.#writer.resource(resource);
    const inside = this.#writer.scope(scope);
    const envelope: LineEnvelope = {
      resource,
      head: Buffer.concat([REQUEST_HEAD, around.head, inside.head]),
      tail: Buffer.concat([inside.tail, around.tail, REQUEST_END]),
    };
    this.#envelopes.set(scope, envelope);
    return envelope;
  }
}
