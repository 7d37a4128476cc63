import { parentPort, workerData } from "node:worker_threads";

import { Arena } from "../../../processors/queue/arena.ts";
import { LARGE_FLAG, LARGE_SLOT_AT, LargeArea } from "../../../processors/queue/large-area.ts";
import { takeThreadSlot } from "../../../processors/queue/threads.ts";
import { FULL, LaneWriter, PUBLISHED, type RecordSource } from "../../../processors/queue/writer.ts";
import { frameBytesOf, makeSource, writeFrame } from "../checked-frame.ts";
import { awaitStart, type ProgramData } from "../meeting.ts";

/** What a producer does when there is no room. */
export type Overflow = "block" | "drop-newest" | "drop-oldest";

/** A thread that publishes checked records to one or several handlers. */
export interface ProducerData extends ProgramData {
  readonly handlerSlots: readonly number[];
  /** Goes into each record, to tell the producers apart. */
  readonly number: number;
  /** Records to make; Infinity until the thread is terminated. */
  readonly count: number;
  /** Records differ in size by up to so many bytes. */
  readonly spreadBytes: number;
  readonly overflow: Overflow;
  /** Each so-manieth record goes through the large area; 0 for none. */
  readonly largeEvery: number;
}

/** What a producer says at its end. */
export interface ProducerReport {
  /** Records offered, to each handler. */
  readonly offered: number;
}

const ROOM_WAIT_MILLIS = 1000;
const POINTER_BYTES = 24;

class Producer {
  readonly #data: ProducerData;
  readonly #words: Int32Array;
  readonly #lanes: readonly LaneWriter[];
  readonly #large: LargeArea;
  readonly #threadSlot: number;
  readonly #record: RecordSource;
  readonly #pointer: RecordSource = makeSource(POINTER_BYTES);

  constructor(data: ProducerData) {
    const arena = new Arena(data.memory);
    this.#data = data;
    this.#words = arena.words;
    this.#threadSlot = takeThreadSlot(arena);
    this.#lanes = data.handlerSlots.map((handlerSlot) => {
      return new LaneWriter(arena, { handlerSlot, lane: this.#threadSlot });
    });
    this.#large = new LargeArea(arena);
    this.#record = makeSource(frameBytesOf(0, 0) + data.spreadBytes);
  }

  run(): void {
    const { count, largeEvery, number: thread, spreadBytes } = this.#data;
    for (let index = 0; index < count; index++) {
      const byteCount = frameBytesOf(index, spreadBytes);
      writeFrame(this.#record, byteCount, { thread, index });
      if (largeEvery > 0 && index % largeEvery === 0) {
        this.#putLarge(byteCount);
        for (const lane of this.#lanes) this.#offer(lane, this.#pointer, POINTER_BYTES);
      } else {
        for (const lane of this.#lanes) this.#offer(lane, this.#record, byteCount);
      }
    }
  }

  #offer(lane: LaneWriter, source: RecordSource, byteCount: number): void {
    let result = lane.offer(source, byteCount);
    while (result === FULL) {
      if (this.#data.overflow === "block") lane.waitForRoom(ROOM_WAIT_MILLIS);
      else if (this.#data.overflow === "drop-newest" || this.#dropOldest(lane) === 0) break;
      result = lane.offer(source, byteCount);
    }
    if (result === PUBLISHED) {
      lane.nudge(false);
      return;
    }
    lane.countQueueFull();
    if (source === this.#pointer)
      this.#large.release(this.#pointer.words[LARGE_SLOT_AT / 4] as number, lane.handlerSlot);
  }

  #dropOldest(lane: LaneWriter): number {
    return lane.dropOldest((frameAt) => {
      if (((this.#words[frameAt / 4 + 1] as number) & LARGE_FLAG) === 0) return;
      this.#large.release(this.#words[(frameAt + LARGE_SLOT_AT) / 4] as number, lane.handlerSlot);
    });
  }

  /** Blocks until a slot is free; writes the frame that points there. */
  #putLarge(byteCount: number): void {
    const mask = { low: 0, high: 0, threadSlot: this.#threadSlot };
    for (const slot of this.#data.handlerSlots) mask.low |= 1 << slot;
    const frame = this.#record.bytes.subarray(0, byteCount);
    let slot = this.#large.put(frame, mask);
    while (slot < 0) {
      for (const lane of this.#lanes) lane.wake(true);
      slot = this.#large.put(frame, mask);
    }
    this.#pointer.words.set([POINTER_BYTES, LARGE_FLAG]);
    this.#pointer.words[LARGE_SLOT_AT / 4] = slot;
  }
}

const data = workerData as ProducerData;
const producer = new Producer(data);
awaitStart(new Int32Array(data.meeting));
producer.run();
const report: ProducerReport = { offered: data.count };
parentPort?.postMessage(report);
