import { ASCII_TEXT, PLAIN_TEXT, UTF8_TEXT } from "../../processors/shape/value-tag.ts";

/** Bytes that values stand in: a record, or what has been written before. The memory may be shared. */
export interface ValueSource {
  readonly bytes: Buffer;
  readonly view: DataView;
}

/** Where the bytes of the text value at `at` begin. */
export function textAt(source: ValueSource, at: number): number {
  return source.view.getUint8(at) === PLAIN_TEXT ? at + 2 : at + 5;
}

/** How many bytes the text value at `at` has. */
export function textLength(source: ValueSource, at: number): number {
  const view = source.view;
  return view.getUint8(at) === PLAIN_TEXT ? view.getUint8(at + 1) : view.getUint32(at + 1, true);
}

/** Whether the value at `at` is text. */
export function isText(source: ValueSource, at: number): boolean {
  const tag = source.view.getUint8(at);
  return tag === PLAIN_TEXT || tag === ASCII_TEXT || tag === UTF8_TEXT;
}
