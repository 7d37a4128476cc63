/** Where values stand; a `RecordCursor` is one. The memory may be shared. */
export interface ValueSource {
  readonly bytes: Buffer;
  readonly view: DataView;
}
