import type { SocketLogRecord } from "./socket-record.ts";

/** Records that wait for a reader before connections are read no further. */
const waitingCountMax = 1024;

type Turn = (result: IteratorResult<SocketLogRecord, undefined>) => void;

/** The records of a receiver for one reader, from now on. What it does not read in time holds the senders up. */
export class RecordStream implements AsyncIterableIterator<SocketLogRecord, undefined> {
  readonly #onRoom: () => void;
  readonly #onLeave: (stream: RecordStream) => void;
  #waiting: SocketLogRecord[] = [];
  #readCount = 0;
  readonly #turns: Turn[] = [];
  #isClosed = false;

  constructor(parts: { readonly onRoom: () => void; readonly onLeave: (stream: RecordStream) => void }) {
    this.#onRoom = parts.onRoom;
    this.#onLeave = parts.onLeave;
  }

  /** Whether the reader must catch up before more is read from connections. */
  get isFull(): boolean {
    return this.#waiting.length - this.#readCount >= waitingCountMax;
  }

  push(record: SocketLogRecord): void {
    const turn = this.#turns.shift();
    if (turn === undefined) this.#waiting.push(record);
    else turn({ value: record, done: false });
  }

  /** No more will come; what waits can still be read. */
  close(): void {
    this.#isClosed = true;
    for (const turn of this.#turns.splice(0)) turn({ value: undefined, done: true });
  }

  next(): Promise<IteratorResult<SocketLogRecord, undefined>> {
    const record = this.#take();
    if (record !== undefined) return Promise.resolve({ value: record, done: false });
    if (this.#isClosed) return Promise.resolve({ value: undefined, done: true });
    return new Promise((resolve) => this.#turns.push(resolve));
  }

  return(): Promise<IteratorResult<SocketLogRecord, undefined>> {
    this.close();
    this.#waiting = [];
    this.#readCount = 0;
    this.#onLeave(this);
    this.#onRoom();
    return Promise.resolve({ value: undefined, done: true });
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  #take(): SocketLogRecord | undefined {
    const record = this.#waiting[this.#readCount];
    if (record === undefined) return undefined;
    this.#readCount += 1;
    if (this.#readCount === this.#waiting.length) {
      this.#waiting = [];
      this.#readCount = 0;
      this.#onRoom();
    }
    return record;
  }
}
