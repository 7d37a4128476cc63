import { AsyncLocalStorage } from "node:async_hooks";
import type { Context } from "@opentelemetry/api";
import type { RecordEncoder } from "../../processors/shape/encoder.ts";
import { DEFAULT_ENCODER_LIMITS } from "../../processors/shape/value-writer.ts";
import type { RecordPort, RecordQuestion, RecordRoute } from "./ports.ts";

/** How much a buffer keeps, and until when. */
export interface BufferLimits {
  /** Severity number of a record that lets all go. */
  readonly level: number;
  /** Records; the oldest are left out for newer ones. */
  readonly capacity: number;
  /** The same, in bytes of encoded records. */
  readonly capacityBytes: number;
}

interface KeptRecord {
  readonly frame: Uint8Array;
  readonly severity: number;
  readonly route: RecordRoute;
}

const storage = new AsyncLocalStorage<RecordBuffer>();
/** Buffers of work that has not ended: what an error that nobody catches lets go. */
const open = new Set<RecordBuffer>();
let isUsed = false;

/** Records of one context, kept back in the memory of its thread until something goes wrong. */
export class RecordBuffer {
  readonly #limits: BufferLimits;
  readonly #parent: RecordBuffer | undefined = storage.getStore();
  #kept: KeptRecord[] = [];
  #byteCount = 0;
  #isOver = false;

  constructor(limits: BufferLimits) {
    this.#limits = limits;
    open.add(this);
  }

  /** Runs `work` with this buffer for what is logged inside, also after `await`. */
  run<T>(work: () => T): T {
    return storage.run(this, work);
  }

  /** False when records pass: something has gone wrong already, or the work is over. */
  get isKeeping(): boolean {
    return !this.#isOver;
  }

  /** Keeps a finished record, or lets all go with it. */
  take(
    encoder: RecordEncoder,
    record: Omit<KeptRecord, "frame"> & { byteCount: number; port: RecordPort },
  ): void {
    const { route, severity, byteCount, port } = record;
    if (severity >= this.#limits.level) {
      this.release(port);
      route.publish(encoder, byteCount, severity);
      return;
    }
    // `slice` of a Buffer would be a view of memory that the next record is written to.
    this.#kept.push({ frame: new Uint8Array(encoder.bytes.subarray(0, byteCount)), severity, route });
    this.#byteCount += byteCount;
    while (this.#kept.length > this.#limits.capacity || this.#byteCount > this.#limits.capacityBytes)
      this.#dropOldest();
  }

  /** Something has gone wrong: what is kept goes on its way, in order, that of the contexts around it first. */
  release(port: RecordPort): void {
    this.#parent?.release(port);
    for (const { frame, severity, route } of this.#end()) {
      const encoder = port.acquire();
      try {
        encoder.begin(DEFAULT_ENCODER_LIMITS);
        route.publish(encoder, encoder.load(frame), severity);
      } finally {
        port.release();
      }
    }
  }

  /** All went well: what is kept is left out, and counted as `filtered`. */
  discard(): void {
    for (const { severity, route } of this.#end()) route.countFiltered?.(severity);
  }

  #end(): readonly KeptRecord[] {
    const kept = this.#kept;
    this.#isOver = true;
    this.#kept = [];
    open.delete(this);
    return kept;
  }

  #dropOldest(): void {
    const oldest = this.#kept.shift() as KeptRecord;
    this.#byteCount -= oldest.frame.length;
    oldest.route.countFiltered?.(oldest.severity);
  }
}

/** From now on routes look for buffers. True the first time: routes that were made before must be made again. */
export function beginBuffering(port: RecordPort): boolean {
  if (isUsed) return false;
  isUsed = true;
  process.on("uncaughtExceptionMonitor", () => releaseBuffers(port));
  return true;
}

/** Lets all go that is kept back on this thread. */
export function releaseBuffers(port: RecordPort): void {
  for (const buffer of open) buffer.release(port);
}

/** The way of records through the buffer of their context, if there is one. The same way while nobody uses buffers. */
export function throughBuffers(route: RecordRoute, port: RecordPort): RecordRoute {
  return isUsed ? new BufferedRoute(route, port) : route;
}

class BufferedRoute implements RecordRoute {
  readonly #next: RecordRoute;
  readonly #port: RecordPort;

  constructor(next: RecordRoute, port: RecordPort) {
    this.#next = next;
    this.#port = port;
  }

  get isEmpty(): boolean {
    return this.#next.isEmpty;
  }

  publish(encoder: RecordEncoder, byteCount: number, severity: number): void {
    const buffer = storage.getStore();
    if (buffer === undefined || !buffer.isKeeping) this.#next.publish(encoder, byteCount, severity);
    else buffer.take(encoder, { byteCount, severity, route: this.#next, port: this.#port });
  }

  countTooLarge(severity: number): void {
    this.#next.countTooLarge(severity);
  }

  countFiltered(severity: number): void {
    this.#next.countFiltered?.(severity);
  }

  takes(severity: number, asked?: RecordQuestion): boolean {
    return this.#next.takes(severity, asked);
  }

  inContext(context: Context): RecordRoute {
    const next = this.#next.inContext?.(context);
    return next === undefined ? this : new BufferedRoute(next, this.#port);
  }
}
