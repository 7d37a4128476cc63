// Requests that are too large, as several. Pure.
import type {
  RecordOutline,
  RequestCodec,
  RequestOutline,
  ScopeOutline,
  Wrapping,
} from "./request-outline.ts";

/** A request made of records of another one. */
export interface RequestPart {
  readonly records: RequestOutline;
  /** The request, encoded. */
  readonly bytes: Uint8Array;
}

/**
 * Splits records into requests: each is at most `partBytesMax` long, unless a single record is longer. Every record is in
 * exactly one part, in the order of all; each part has the scopes and resources of its records, with their schema URLs.
 *
 * @param partBytesMax Bytes, encoded and not compressed.
 */
export function* splitRequest(
  records: RequestOutline,
  { codec, partBytesMax }: { readonly codec: RequestCodec; readonly partBytesMax: number },
): Generator<RequestPart> {
  let start = 0;
  let size = new PartSize(codec);
  for (const [index, record] of records.entries()) {
    if (index > start && size.with(record) > partBytesMax) {
      yield partOf(records.slice(start, index), codec);
      start = index;
      size = new PartSize(codec);
    }
    size.add(record);
  }
  if (start < records.length) yield partOf(records.slice(start), codec);
}

/**
 * Splits a request in two of about the same size.
 *
 * @param records At least two.
 */
export function halveRequest(
  records: RequestOutline,
  codec: RequestCodec,
): readonly [RequestPart, RequestPart] {
  const wholeBytes = records.reduce((sum, { bytes }) => sum + bytes.length, 0);
  let cutIndex = 0;
  let bytes = 0;
  while (cutIndex < records.length - 1 && (cutIndex === 0 || bytes < wholeBytes / 2)) {
    bytes += (records[cutIndex] as RecordOutline).bytes.length;
    cutIndex += 1;
  }
  return [partOf(records.slice(0, cutIndex), codec), partOf(records.slice(cutIndex), codec)];
}

function partOf(records: RequestOutline, codec: RequestCodec): RequestPart {
  return { records, bytes: codec.compose(records) };
}

/** How long a request may get at most, counted while it grows: lengths are taken for as long as they can be. */
class PartSize {
  readonly #codec: RequestCodec;
  #bytes: number;
  #scope: ScopeOutline | undefined;

  constructor(codec: RequestCodec) {
    this.#codec = codec;
    this.#bytes = codec.compose([]).length;
  }

  with(record: RecordOutline): number {
    const { scope } = record;
    let bytes = this.#bytes + record.bytes.length + this.#codec.wrappingBytesMax;
    if (scope !== this.#scope) bytes += this.#bytesOf(scope);
    if (scope.resource !== this.#scope?.resource) bytes += this.#bytesOf(scope.resource);
    return bytes;
  }

  add(record: RecordOutline): void {
    this.#bytes = this.with(record);
    this.#scope = record.scope;
  }

  #bytesOf({ before, after }: Wrapping): number {
    return before.length + after.length + this.#codec.wrappingBytesMax;
  }
}
