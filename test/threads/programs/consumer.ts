import { parentPort, workerData } from "node:worker_threads";

import { Arena } from "../../../processors/queue/arena.ts";
import { consumerCounters } from "../../../processors/queue/counters.ts";
import { LARGE_FLAG, LARGE_SLOT_AT, LargeArea, largeFrameAt } from "../../../processors/queue/large-area.ts";
import {
  ASLEEP,
  AWAKE,
  DELIVERED_COUNTER,
  SLEEP_WORD,
  WAKE_WORD,
} from "../../../processors/queue/queue-layout.ts";
import { QueueReader, type Batch } from "../../../processors/queue/reader.ts";
import { releaseLane } from "../../../processors/queue/threads.ts";
import { readFrame } from "../checked-frame.ts";
import { countUp, READ, STOP, type ProgramData } from "../meeting.ts";

/** A thread that reads a handler's queue and checks each record. */
export interface ConsumerData extends ProgramData {
  readonly handlerSlot: number;
  /** Most records of a batch. */
  readonly batchSize: number;
  /** Batches under way at the same time; they end in any order. */
  readonly underWay: number;
  /** A byte a record (number x 2^20 + index): whether it has been read, and given back. What is given back must not be read. */
  readonly fates?: SharedArrayBuffer;
}

/** What a consumer says at its end. */
export interface ConsumerReport {
  /** Records read. */
  readonly read: number;
  /** Of each producer: the records read. */
  readonly counts: Readonly<Record<number, number>>;
  /** What was wrong: torn records, records out of order, records read that were given back. */
  readonly faults: readonly string[];
}

/** Fates of a record. */
export const WAS_READ = 1;
export const WAS_GIVEN_BACK = 2;

const FAULTS_MAX = 20;
const SLEEP_MILLIS = 20;
const PRODUCER_STRIDE = 2 ** 20;

interface UnderWay {
  readonly batch: Batch;
  readonly records: readonly number[];
}

class Consumer {
  readonly #data: ConsumerData;
  readonly #arena: Arena;
  readonly #meeting: Int32Array;
  readonly #reader: QueueReader;
  readonly #fates: Uint8Array | undefined;
  readonly #last = new Map<number, number>();
  readonly #counts: Record<number, number> = {};
  readonly #faults: string[] = [];
  readonly #underWay: UnderWay[] = [];
  #records: number[] = [];
  #read = 0;
  #random = 1;

  constructor(data: ConsumerData) {
    this.#data = data;
    this.#arena = new Arena(data.memory);
    this.#meeting = new Int32Array(data.meeting);
    this.#fates = data.fates === undefined ? undefined : new Uint8Array(data.fates);
    const large = new LargeArea(this.#arena);
    this.#reader = new QueueReader(this.#arena, {
      handlerSlot: data.handlerSlot,
      onLaneEnded: (threadSlot) => releaseLane(this.#arena, { threadSlot, handlerSlot: data.handlerSlot }),
      onLargeDone: (slot) => large.release(slot, data.handlerSlot),
    });
  }

  run(): ConsumerReport {
    for (;;) {
      // Asked first: what was published before the word was stored is found below.
      const mustStop = Atomics.load(this.#meeting, STOP) !== 0;
      if (this.#step()) continue;
      if (mustStop) break;
      this.#sleep();
    }
    return { read: this.#read, counts: this.#counts, faults: this.#faults };
  }

  /** Reads a batch; ends one that is under way. False when there was neither. */
  #step(): boolean {
    let count = 0;
    while (count < this.#data.batchSize && this.#readOne()) count++;
    const batch = this.#reader.endBatch();
    if (batch !== undefined) this.#underWay.push({ batch, records: this.#records });
    this.#records = [];
    if (count > 0) countUp(this.#meeting, READ, count);
    if (this.#underWay.length >= this.#data.underWay || (count === 0 && this.#underWay.length > 0))
      this.#endOne();
    return count > 0 || this.#underWay.length > 0 || this.#reader.hasMore();
  }

  #readOne(): boolean {
    let at = this.#reader.next();
    if (at < 0) return false;
    const { words } = this.#arena;
    if (((words[at / 4 + 1] as number) & LARGE_FLAG) !== 0) {
      at = largeFrameAt(words[(at + LARGE_SLOT_AT) / 4] as number);
    }
    this.#read++;
    try {
      const { thread, index } = readFrame(words, at);
      this.#check(thread, index);
    } catch (error) {
      this.#fault((error as Error).message);
    }
    return true;
  }

  #check(thread: number, index: number): void {
    const last = this.#last.get(thread) ?? -1;
    if (index <= last) this.#fault(`producer ${thread}: ${index} after ${last}`);
    this.#last.set(thread, index);
    this.#counts[thread] = (this.#counts[thread] ?? 0) + 1;
    if (this.#fates === undefined) return;
    const record = thread * PRODUCER_STRIDE + index;
    if (this.#fates[record] === WAS_GIVEN_BACK) this.#fault(`producer ${thread}: ${index} was given back`);
    this.#fates[record] = WAS_READ;
    this.#records.push(record);
  }

  /** Ends any of the batches under way. */
  #endOne(): void {
    this.#random = (Math.imul(this.#random, 1_103_515_245) + 12_345) >>> 0;
    const [ended] = this.#underWay.splice((this.#random >>> 8) % this.#underWay.length, 1);
    const { batch, records } = ended as UnderWay;
    this.#reader.finish(batch);
    const counters = consumerCounters(this.#reader.geometry);
    this.#arena.floats[counters + DELIVERED_COUNTER]! += batch.recordCount;
    for (const record of records) (this.#fates as Uint8Array)[record] = WAS_GIVEN_BACK;
  }

  #sleep(): void {
    const { words } = this.#arena;
    const control = this.#reader.geometry.at / 4;
    const wake = Atomics.load(words, control + WAKE_WORD);
    Atomics.store(words, control + SLEEP_WORD, ASLEEP);
    if (!this.#reader.hasMore()) Atomics.wait(words, control + WAKE_WORD, wake, SLEEP_MILLIS);
    Atomics.store(words, control + SLEEP_WORD, AWAKE);
  }

  #fault(text: string): void {
    if (this.#faults.length < FAULTS_MAX) this.#faults.push(text);
  }
}

parentPort?.postMessage(new Consumer(workerData as ConsumerData).run());
