import { makeFragment, OutputBuffer, type Fragment } from "../processors/shape/output.ts";
import type { RecordCursor } from "../processors/shape/record-cursor.ts";
import type { BatchRenderer } from "../processors/shape/renderer.ts";
import type { Shape } from "../processors/shape/shape.ts";
import { dropLastComma } from "./json-any-value.ts";
import { JsonEnvelopeWriter } from "./json-envelope.ts";
import { makeJsonFragments, type JsonFragments } from "./json-fragments.ts";
import { writeJsonRecord } from "./json-record.ts";
import type { OtlpRendererOptions } from "./otlp-renderer-options.ts";
import { ScopeBatches, type ResourceGroup } from "./scope-batches.ts";
import { UnixNanosText } from "./unix-nanos.ts";

const COMMA = 44;

const requestHead: Fragment = makeFragment('{"resourceLogs":[');
const requestEnd: Fragment = makeFragment("]}");
/**
 * Renders batches as OTLP/JSON: an `ExportLogsServiceRequest`, which is a `LogsData` too, in one line without
 * terminator. Strict: 64-bit integers are decimal strings, ids lower-case hex, bytes base64, NaN and infinities strings.
 * One a handler, on the thread that drains its queue.
 *
 * @see OTLP 1.11.0, JSON Protobuf Encoding
 */
export class OtlpJsonRenderer implements BatchRenderer {
  readonly #includeTemplate: boolean;
  readonly #batches = new ScopeBatches(new JsonEnvelopeWriter());
  readonly #nanos = new UnixNanosText();
  readonly #output = new OutputBuffer();
  #byteCount = 0;

  constructor(options: OtlpRendererOptions = {}) {
    this.#includeTemplate = options.includeTemplate ?? false;
  }

  /** Bytes of the records so far: without those of resources and scopes, which `finish` adds. */
  get byteCount(): number {
    return this.#byteCount;
  }

  /** Takes one record into the batch, among those of its scope. The cursor is valid during the call only. */
  add(record: RecordCursor): void {
    const shape = record.shape;
    const fragments = this.#fragmentsOf(shape);
    const out = fragments.batch.out ?? this.#batches.open(fragments.batch);
    const startAt = out.at;
    writeJsonRecord(out, record, { fragments, nanos: this.#nanos });
    out.byte(COMMA);
    this.#byteCount += out.at - startAt;
  }

  /** Ends the batch: the bytes of the request, valid until the next call. None for an empty batch. */
  finish(into?: OutputBuffer): Uint8Array {
    const output = into ?? this.#output;
    output.clear();
    if (!this.#batches.isEmpty) {
      output.fragment(requestHead);
      const listAt = output.at;
      for (const group of this.#batches.groups()) writeGroup(output, group);
      dropLastComma(output, listAt);
      output.fragment(requestEnd);
    }
    this.#batches.close();
    this.#byteCount = 0;
    return output.written();
  }

  #fragmentsOf(shape: Shape): JsonFragments {
    const known = shape.fragments as JsonFragments | undefined;
    if (known !== undefined && known.owner === this) return known;
    const made = makeJsonFragments(shape, {
      owner: this,
      batch: this.#batches.batchOf(shape.scope),
      includeTemplate: this.#includeTemplate,
    });
    shape.fragments = made;
    return made;
  }
}

/** Appends one `ResourceLogs`, a comma after it. */
function writeGroup(output: OutputBuffer, group: ResourceGroup): void {
  output.append(group.envelope.head);
  const listAt = output.at;
  for (const batch of group.scopes) {
    output.append(batch.envelope.head);
    const recordsAt = output.at;
    output.append(batch.out.written());
    dropLastComma(output, recordsAt);
    output.append(batch.envelope.tail);
    output.byte(COMMA);
  }
  dropLastComma(output, listAt);
  output.append(group.envelope.tail);
  output.byte(COMMA);
}
