import { OutputBuffer } from "../processors/shape/output.ts";
import type { RecordCursor } from "../processors/shape/record-cursor.ts";
import type { BatchRenderer } from "../processors/shape/renderer.ts";
import type { ResourceDefinition, ScopeDefinition, Shape } from "../processors/shape/shape.ts";
import { JsonEnvelopeWriter } from "./json-envelope.ts";
import { makeJsonRecordFragments, type JsonRecordFragments } from "./json-fragments.ts";
import { writeJsonRecord } from "./json-record.ts";
import { LineJournal, type JournalEntry } from "./line-journal.ts";
import type { OtlpRendererOptions } from "./otlp-renderer-options.ts";
import type { Envelope } from "./scope-batches.ts";
import { UnixNanosText } from "./unix-nanos.ts";

const COMMA = 44;
const LINE_HEAD: Uint8Array = Buffer.from('{"resourceLogs":[');
const LINE_END: Uint8Array = Buffer.from("]}\n");
/** Each record counts a comma behind it. A line has as many commas as records, scopes and resources, less one of each list. */
const LINE_BYTES: number = LINE_HEAD.length + LINE_END.length - 1;

/** Options of `OtlpLinesRenderer`. */
export interface OtlpLinesRendererOptions extends OtlpRendererOptions {
  /** Bytes of a line, its end included; a record that alone makes a longer one has a line of its own. */
  readonly lineBytesMax: number;
}

/** What one renderer has computed of one shape. */
interface LineFragments {
  readonly owner: OtlpLinesRenderer;
  readonly fragments: JsonRecordFragments;
}

/**
 * Renders batches as lines of OTLP/JSON, each a whole `LogsData` with as many records as it has room for, and "\n" behind
 * it. One a handler, on the thread that drains its queue. `byteCount` is exact, so that files can be put away by size: a
 * record that is taken back becomes a line of its own.
 *
 * @see OpenTelemetry Protocol File Exporter, JSON lines file; OTLP 1.11.0, JSON Protobuf Encoding
 */
export class OtlpLinesRenderer implements BatchRenderer {
  readonly #includeTemplate: boolean;
  readonly #lineBytesMax: number;
  readonly #writer = new JsonEnvelopeWriter();
  readonly #scopes = new WeakMap<ScopeDefinition, Envelope>();
  readonly #resources = new WeakMap<ResourceDefinition, Envelope>();
  readonly #nanos = new UnixNanosText();
  /** The records one behind the other, a comma after each; and lines that were taken back before. */
  readonly #records = new OutputBuffer();
  /** Which of them share a line. */
  readonly #journal = new LineJournal();
  readonly #out = new OutputBuffer();
  #isFinished = false;

  constructor(options: OtlpLinesRendererOptions) {
    this.#includeTemplate = options.includeTemplate ?? false;
    this.#lineBytesMax = options.lineBytesMax;
  }

  get byteCount(): number {
    return this.#journal.byteCount;
  }

  /** Takes one record into the last line, or begins another one with it. The cursor is valid during the call only. */
  add(record: RecordCursor): void {
    this.#begin();
    const { shape } = record;
    const out = this.#records;
    const startAt = out.at;
    writeJsonRecord(out, record, { fragments: this.#fragmentsOf(shape), nanos: this.#nanos });
    out.byte(COMMA);
    const { scope } = shape;
    const scopeBytes = bytesOf(this.#scopeEnvelope(scope));
    const resourceBytes = bytesOf(this.#resourceEnvelope(scope.resource));
    const sizes = { lineBytes: LINE_BYTES, scopeBytes, resourceBytes, recordBytes: out.at - startAt };
    this.#journal.add(scope, { startAt, sizes, lineBytesMax: this.#lineBytesMax });
  }

  takeBack(byteCount: number): Uint8Array {
    const taken = new OutputBuffer(1_024);
    const entries = this.#journal.cut(byteCount);
    for (const entry of entries) this.#writeLine(taken, [entry]);
    this.#records.at = entries[0]?.startAt ?? this.#records.at;
    return taken.written();
  }

  addBytes(bytes: Uint8Array): void {
    this.#begin();
    const startAt = this.#records.at;
    this.#records.append(bytes);
    this.#journal.addLines(startAt, bytes.length);
  }

  finish(): Uint8Array {
    this.#begin();
    const out = this.#out;
    out.clear();
    for (const entries of this.#journal.lines()) this.#writeLine(out, entries);
    this.#journal.clear();
    this.#isFinished = true;
    return out.written();
  }

  #begin(): void {
    if (this.#isFinished) this.#records.clear();
    this.#isFinished = false;
  }

  #writeLine(out: OutputBuffer, entries: readonly JournalEntry[]): void {
    const [first] = entries;
    if (first === undefined) return;
    if (first.scope === undefined) return out.append(this.#bytesOf(first));
    out.append(LINE_HEAD);
    for (const [resource, scopes] of byResource(entries)) {
      const around = this.#resourceEnvelope(resource);
      out.append(around.head);
      for (const [scope, ranges] of scopes) {
        const inside = this.#scopeEnvelope(scope);
        out.append(inside.head);
        for (const range of ranges) out.append(this.#bytesOf(range));
        endList(out, inside);
      }
      endList(out, around);
    }
    // The last comma.
    out.at--;
    out.append(LINE_END);
  }

  #bytesOf({ startAt, endAt }: RecordRange): Uint8Array {
    return this.#records.bytes.subarray(startAt, endAt);
  }

  #scopeEnvelope(scope: ScopeDefinition): Envelope {
    const known = this.#scopes.get(scope);
    if (known !== undefined) return known;
    const envelope = this.#writer.scope(scope);
    this.#scopes.set(scope, envelope);
    return envelope;
  }

  /** Definitions do not change: one whose attributes have come is another one. */
  #resourceEnvelope(resource: ResourceDefinition): Envelope {
    const known = this.#resources.get(resource);
    if (known !== undefined) return known;
    const envelope = this.#writer.resource(resource);
    this.#resources.set(resource, envelope);
    return envelope;
  }

  #fragmentsOf(shape: Shape): JsonRecordFragments {
    const known = shape.fragments as LineFragments | undefined;
    if (known?.owner === this) return known.fragments;
    const fragments = makeJsonRecordFragments(shape, this.#includeTemplate);
    const made: LineFragments = { owner: this, fragments };
    shape.fragments = made;
    return fragments;
  }
}

function bytesOf({ head, tail }: Envelope): number {
  return head.length + tail.length;
}

/** In place of the last comma the end of the list, and a comma for what comes next. */
function endList(out: OutputBuffer, { tail }: Envelope): void {
  out.at--;
  out.append(tail);
  out.byte(COMMA);
}

/** Bytes of records that stand one behind the other. */
interface RecordRange {
  readonly startAt: number;
  endAt: number;
}

/** Records by scope, scopes by resource, in the order of their first records. A scope's resource is that of this moment. */
function byResource(
  entries: readonly JournalEntry[],
): ReadonlyMap<ResourceDefinition, ReadonlyMap<ScopeDefinition, readonly RecordRange[]>> {
  const resources = new Map<ResourceDefinition, Map<ScopeDefinition, RecordRange[]>>();
  for (const { scope, startAt, endAt } of entries) {
    if (scope === undefined) continue;
    const scopes = resources.get(scope.resource) ?? new Map<ScopeDefinition, RecordRange[]>();
    resources.set(scope.resource, scopes);
    const ranges = scopes.get(scope) ?? [];
    scopes.set(scope, ranges);
    const last = ranges.at(-1);
    if (last?.endAt === startAt) last.endAt = endAt;
    else ranges.push({ startAt, endAt });
  }
  return resources;
}
