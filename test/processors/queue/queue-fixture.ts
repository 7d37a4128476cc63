import { consumerCounters, readStats, type HandlerStats } from "../../../processors/queue/counters.ts";
import { createArena, type Arena } from "../../../processors/queue/arena.ts";
import {
  DELIVERED_COUNTER,
  SEGMENT_HEAD_BYTES,
  SEGMENT_STATE,
  readGeometry,
  type QueueGeometry,
} from "../../../processors/queue/queue-layout.ts";
import { QueueReader, type Batch } from "../../../processors/queue/reader.ts";
import { releaseLane } from "../../../processors/queue/threads.ts";
import { LaneWriter, type RecordSource } from "../../../processors/queue/writer.ts";
import { makeSource, readFrame, writeFrame, type FrameContent } from "../../threads/checked-frame.ts";

/** The smallest queue: 16 segments of 4 KiB. */
export const QUEUE_BYTES = 65_536;
export const SEGMENT_BYTES = 4096;
export const SEGMENT_COUNT = 16;

/** A queue in an arena of its own, with what tests do to it. */
export class TestQueue {
  readonly arena: Arena;
  readonly handlerSlot: number;
  readonly geometry: QueueGeometry;
  readonly control: number;
  /** Lanes whose end the readers of this queue have told. */
  readonly endedLanes: number[] = [];
  /** Slots of the large area that the readers of this queue have given back. */
  readonly largeDone: number[] = [];
  readonly #source: RecordSource;

  constructor(options: { readonly queueBytes?: number; readonly arena?: Arena } = {}) {
    this.arena = options.arena ?? createArena();
    this.handlerSlot = this.arena.openHandler(options.queueBytes ?? QUEUE_BYTES);
    this.geometry = readGeometry(this.arena.words, this.handlerSlot);
    this.control = this.geometry.at / 4;
    this.#source = makeSource(this.geometry.segmentBytes);
  }

  writer(lane = 0): LaneWriter {
    return new LaneWriter(this.arena, { handlerSlot: this.handlerSlot, lane });
  }

  reader(): QueueReader {
    return new QueueReader(this.arena, {
      handlerSlot: this.handlerSlot,
      onLaneEnded: (lane) => {
        this.endedLanes.push(lane);
        releaseLane(this.arena, { threadSlot: lane, handlerSlot: this.handlerSlot });
      },
      onLargeDone: (slot) => this.largeDone.push(slot),
    });
  }

  /** Offers a checked frame. Returns what `offer` returned. */
  offer(writer: LaneWriter, byteCount: number, content: FrameContent): number {
    writeFrame(this.#source, byteCount, content);
    return writer.offer(this.#source, byteCount);
  }

  /** Offers frames of `byteCount` bytes, indices from `first` on. Returns the results. */
  offerMany(
    writer: LaneWriter,
    count: number,
    options: { readonly byteCount: number; readonly thread?: number; readonly first?: number },
  ): number[] {
    const { byteCount, thread = 0, first = 0 } = options;
    return Array.from({ length: count }, (_, i) =>
      this.offer(writer, byteCount, { thread, index: first + i }),
    );
  }

  /** Takes up to `count` frames and checks each. */
  take(reader: QueueReader, count: number = Number.POSITIVE_INFINITY): FrameContent[] {
    const frames: FrameContent[] = [];
    while (frames.length < count) {
      const at = reader.next();
      if (at < 0) break;
      frames.push(readFrame(this.arena.words, at));
    }
    return frames;
  }

  /** Takes `count` frames, which must be there, as a batch. */
  takeBatch(reader: QueueReader, count: number): Batch {
    const taken = this.take(reader, count).length;
    const batch = reader.endBatch();
    if (taken < count || batch === undefined) throw new Error(`${taken} frames instead of ${count}`);
    return batch;
  }

  /** Ends the batch, gives it back and counts its records as delivered. */
  deliver(reader: QueueReader): void {
    const batch = reader.endBatch();
    if (batch !== undefined) this.finish(reader, batch);
  }

  /** Gives a batch back and counts its records as delivered. */
  finish(reader: QueueReader, batch: Batch): void {
    reader.finish(batch);
    this.arena.floats[consumerCounters(this.geometry) + DELIVERED_COUNTER]! += batch.recordCount;
  }

  /** The owner of each segment: lane + 1, or 0. */
  owners(): number[] {
    return Array.from({ length: this.geometry.segmentCount }, (_, i) => {
      return this.arena.words[this.headWord(i) + SEGMENT_STATE] as number;
    });
  }

  stats(): HandlerStats {
    return readStats(this.arena, this.geometry);
  }

  get usedCount(): number {
    return this.owners().filter((owner) => owner !== 0).length;
  }

  headWord(segment: number): number {
    return (this.geometry.headsAt + segment * SEGMENT_HEAD_BYTES) / 4;
  }
}

/** The indices of some frames. */
export function indicesOf(frames: readonly FrameContent[]): number[] {
  return frames.map((frame) => frame.index);
}

/** 0, 1, … `count` - 1. */
export function range(count: number, first = 0): number[] {
  return Array.from({ length: count }, (_, i) => first + i);
}
