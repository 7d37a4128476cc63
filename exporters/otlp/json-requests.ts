// Requests in JSON, taken apart and put together between their tokens. A record is looked through for its end, and is never
// read: numbers, escapes and keys stay as they are, byte for byte. Pure.
import {
  runsOf,
  type RecordOutline,
  type RequestCodec,
  type RequestOutline,
  type ScopeOutline,
  type Wrapping,
} from "./request-outline.ts";

const QUOTE = 0x22;
const COMMA = 0x2c;
const COLON = 0x3a;
const BACKSLASH = 0x5c;
const OPEN_LIST = 0x5b;
const CLOSE_LIST = 0x5d;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;

const comma: Uint8Array = Uint8Array.of(COMMA);
const requestHead: Uint8Array = Buffer.from('{"resourceLogs":[');
const requestEnd: Uint8Array = Buffer.from("]}");

/** An object with a list, and the elements of the list. */
interface ListObject extends Wrapping {
  readonly elements: readonly Uint8Array[];
}

/** Requests in JSON. A wrapping has a comma behind it. @see OTLP 1.11.0, JSON Protobuf Encoding */
export const jsonRequests: RequestCodec = { outline, compose, wrappingBytesMax: 1 };

function outline(request: Uint8Array): RequestOutline {
  const records: RecordOutline[] = [];
  for (const resourceLogs of listOf(request, "resourceLogs").elements) {
    const resource = listOf(resourceLogs, "scopeLogs");
    for (const scopeLogs of resource.elements) {
      const { before, after, elements } = listOf(scopeLogs, "logRecords");
      const scope: ScopeOutline = { resource, before, after };
      for (const bytes of elements) records.push({ scope, bytes });
    }
  }
  return records;
}

function compose(records: RequestOutline): Uint8Array {
  const scopes = runsOf(records, ({ scope }) => scope);
  const resources = runsOf(scopes, ({ parent }) => parent.resource).map(({ parent, members }) =>
    wrap(
      parent,
      members.map((run) =>
        wrap(
          run.parent,
          run.members.map(({ bytes }) => [bytes]),
        ),
      ),
    ),
  );
  return Buffer.concat(wrap({ before: requestHead, after: requestEnd }, resources));
}

/** Elements of a list with what stands around them, in pieces. */
function wrap({ before, after }: Wrapping, elements: readonly (readonly Uint8Array[])[]): Uint8Array[] {
  return [before, ...elements.flatMap((pieces, index) => (index === 0 ? pieces : [comma, ...pieces])), after];
}

/** The list of an object with this name. Without it, the list is empty, and all of the object is before it. */
function listOf(object: Uint8Array, name: string): ListObject {
  const scanner = new JsonScanner(object);
  scanner.take(OPEN_OBJECT);
  while (!scanner.tryTake(CLOSE_OBJECT)) {
    const key = scanner.string();
    scanner.take(COLON);
    if (key === name) return scanner.list();
    scanner.value();
    if (!scanner.tryTake(COMMA)) {
      scanner.take(CLOSE_OBJECT);
      break;
    }
  }
  return { elements: [], before: object, after: object.subarray(object.length) };
}

/** Steps over one JSON text. */
class JsonScanner {
  readonly #text: Uint8Array;
  #at = 0;

  constructor(text: Uint8Array) {
    this.#text = text;
  }

  /** Steps over white space and this byte. @throws {SyntaxError} Another byte comes. */
  take(byte: number): void {
    if (!this.tryTake(byte)) throw this.#fault(`a "${String.fromCharCode(byte)}"`);
  }

  /** @returns Whether this byte comes after white space; only then it is stepped over. */
  tryTake(byte: number): boolean {
    this.#skipSpace();
    if (this.#text[this.#at] !== byte) return false;
    this.#at += 1;
    return true;
  }

  /** Steps over a string. @returns What is between its quotes, as it stands. */
  string(): string {
    this.take(QUOTE);
    const start = this.#at;
    this.#skipString();
    return Buffer.from(this.#text.subarray(start, this.#at - 1)).toString("latin1");
  }

  /** Steps over a list. What is before and behind its elements in the whole text is what stands around them. */
  list(): ListObject {
    this.take(OPEN_LIST);
    const before = this.#text.subarray(0, this.#at);
    const elements: Uint8Array[] = [];
    if (!this.tryTake(CLOSE_LIST)) {
      do elements.push(this.value());
      while (this.tryTake(COMMA));
      this.take(CLOSE_LIST);
    }
    return { before, elements, after: this.#text.subarray(this.#at - 1) };
  }

  /** Steps over any value. @returns Its bytes. */
  value(): Uint8Array {
    this.#skipSpace();
    const start = this.#at;
    let depth = 0;
    do {
      const byte = this.#text[this.#at];
      if (byte === undefined) throw this.#fault("more");
      if (depth === 0 && this.#at > start && isEndOfScalar(byte)) break;
      this.#at += 1;
      if (byte === QUOTE) this.#skipString();
      else if (byte === OPEN_OBJECT || byte === OPEN_LIST) depth += 1;
      else if (byte === CLOSE_OBJECT || byte === CLOSE_LIST) depth -= 1;
      if (depth === 0 && (byte === QUOTE || byte === CLOSE_OBJECT || byte === CLOSE_LIST)) break;
      if (depth < 0) throw this.#fault("a value");
    } while (this.#at <= this.#text.length);
    return this.#text.subarray(start, this.#at);
  }

  /** From behind the opening quote to behind the closing one. */
  #skipString(): void {
    for (;;) {
      const quoteAt = this.#text.indexOf(QUOTE, this.#at);
      if (quoteAt < 0) throw this.#fault("the end of a string");
      const isEscaped = this.#countBackslashesBefore(quoteAt) % 2 === 1;
      this.#at = quoteAt + 1;
      if (!isEscaped) return;
    }
  }

  #countBackslashesBefore(at: number): number {
    let start = at;
    while (start > this.#at && this.#text[start - 1] === BACKSLASH) start -= 1;
    return at - start;
  }

  #skipSpace(): void {
    while (isSpace(this.#text[this.#at])) this.#at += 1;
  }

  #fault(expected: string): SyntaxError {
    return new SyntaxError(
      `Cannot split a request: at byte ${this.#at} of a part of it, must be ${expected}`,
    );
  }
}

function isSpace(byte: number | undefined): boolean {
  return byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;
}

function isEndOfScalar(byte: number): boolean {
  return byte === COMMA || byte === CLOSE_OBJECT || byte === CLOSE_LIST || isSpace(byte);
}
