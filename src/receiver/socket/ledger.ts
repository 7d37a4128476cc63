import { reportOnce } from "../../diagnostics.ts";
import { Milestones } from "../milestones.ts";
import type { SocketReceiverSettings } from "./options.ts";
import { readPayload } from "./read-payload.ts";
import { RecordStream } from "./record-stream.ts";
import { recordOf, type SocketLogRecord } from "./socket-record.ts";

/** Totals since the start, but for `openConnections`. They only grow. */
export interface SocketReceiverCounts {
  /** Connections that were accepted. */
  readonly connections: number;
  /** Of those, the ones that are open now. */
  readonly openConnections: number;
  /** Connections beyond `connectionCountMax`. */
  readonly refusedConnections: number;
  /** Connections that were closed since nothing came for `idleTimeoutMillis`. */
  readonly idleConnections: number;
  /** Connections that broke, or whose TLS handshake failed. */
  readonly brokenConnections: number;
  /** Records accepted; with `keep: "count"` frames of a right length. */
  readonly records: number;
  /** Bytes that came in, after decryption. */
  readonly bytes: number;
  /** Frames that announced more than `frameBytesMax`; each has ended its connection. */
  readonly oversized: number;
  /** Connections that ended in the middle of a frame. */
  readonly truncated: number;
  /** Frames that were no record, and were skipped. */
  readonly malformed: number;
  /** Errors that `onRecord` has thrown. */
  readonly callbackErrors: number;
}

/** Counts that this file does not make itself. */
type Tally = { -readonly [Key in keyof Omit<SocketReceiverCounts, "records">]: SocketReceiverCounts[Key] };

/** What a socket receiver got: the numbers, the records, and who waits for them. */
export class SocketLedger {
  readonly tally: Tally = {
    connections: 0,
    openConnections: 0,
    refusedConnections: 0,
    idleConnections: 0,
    brokenConnections: 0,
    bytes: 0,
    oversized: 0,
    truncated: 0,
    malformed: 0,
    callbackErrors: 0,
  };
  readonly milestones: Milestones = new Milestones();
  readonly records: SocketLogRecord[] = [];
  readonly #settings: SocketReceiverSettings;
  readonly #streams = new Set<RecordStream>();
  /** Is told when connections may be read again. */
  readonly #onRoom: () => void;
  #name = "";
  #isClosed = false;

  constructor(settings: SocketReceiverSettings, onRoom: () => void) {
    this.#settings = settings;
    this.#onRoom = onRoom;
  }

  /** How the receiver is called in what it says. */
  set name(name: string) {
    this.#name = name;
  }

  get counts(): SocketReceiverCounts {
    return { ...this.tally, records: this.milestones.reached };
  }

  /** Whether some reader must catch up before more is read. */
  get isFull(): boolean {
    for (const stream of this.#streams) if (stream.isFull) return true;
    return false;
  }

  openStream(): RecordStream {
    const stream = new RecordStream({
      onRoom: this.#onRoom,
      onLeave: (one) => this.#streams.delete(one),
    });
    if (this.#isClosed) stream.close();
    else this.#streams.add(stream);
    return stream;
  }

  /** Takes the payload of one frame. Never throws. */
  accept(payload: Buffer): void {
    if (this.#settings.keep !== "count") {
      const record = this.#read(payload);
      if (record === undefined) return;
      this.#hand(record);
    }
    this.milestones.advance(1);
  }

  addOversized(announcedBytes: number): void {
    this.tally.oversized += 1;
    this.#say(
      "oversized",
      `a frame of ${announcedBytes} bytes: it may have ${this.#settings.frameBytesMax} ("frameBytesMax"); its connection is closed`,
    );
  }

  addTruncated(): void {
    this.tally.truncated += 1;
  }

  /** Nothing more will come. */
  close(): void {
    this.#isClosed = true;
    for (const stream of this.#streams) stream.close();
    this.milestones.close("the receiver was stopped");
  }

  #read(payload: Buffer): SocketLogRecord | undefined {
    try {
      return recordOf(readPayload(payload));
    } catch (error) {
      // Whatever it is: no frame of a stranger may end the process.
      this.tally.malformed += 1;
      const reason = error instanceof Error ? error.message : String(error);
      this.#say("malformed", `a frame of ${payload.length} bytes: ${reason}; it is skipped`);
      return undefined;
    }
  }

  #hand(record: SocketLogRecord): void {
    const { keep, keepCountMax, onRecord } = this.#settings;
    if (keep === "records" && this.records.length < keepCountMax) this.records.push(record);
    for (const stream of this.#streams) stream.push(record);
    try {
      onRecord?.(record);
    } catch (error) {
      this.tally.callbackErrors += 1;
      this.#say("callback", `a record: "onRecord" has thrown ${String(error)}; others go on`);
    }
  }

  /** Once for each kind of fault: a hostile peer must not fill the log. */
  #say(kind: string, what: string): void {
    reportOnce(
      `socket receiver ${this.#name} ${kind}`,
      `Cannot take at ${this.#name} ${what}; further ones are only counted`,
    );
  }
}
