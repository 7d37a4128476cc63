import type { Arena } from "../queue/arena.ts";
import { LARGE_FLAG, LARGE_SLOT_AT, type LargeArea } from "../queue/large-area.ts";
import {
  HANDLER_BLOCK_MILLIS,
  HANDLER_LEVEL,
  HANDLER_OVERFLOW,
  HANDLER_RECORDS_MAX,
  HANDLER_RECORD_BYTES,
  OVERFLOW_BLOCK,
  OVERFLOW_DROP_OLDEST,
} from "../queue/layout.ts";
import { CLOSED, FULL, PUBLISHED, type LaneWriter } from "../queue/writer.ts";
import { queuedCount } from "../queue/counters.ts";
import type { RecordEncoder } from "../shape/encoder.ts";
import { FRAME_BYTES_AT, LARGE_FRAME_BYTES, MILLIS_AT, SHAPE_AT } from "../shape/frame.ts";

const ERROR_SEVERITY = 17;
const LARGE_RETRY_MILLIS = 5;

/** A consumer that runs on the thread that logs. */
export interface LocalConsumer {
  /** A record has been published: export it now, or see to it that it is exported; soon, where it is urgent. */
  published(isUrgent: boolean): void;
  /** There is no room. Returns true when some has been made. */
  makeRoom(): boolean;
}

/** One handler of a route. */
export interface RouteTarget {
  readonly slot: number;
  /** First word of the handler's slot in the arena: its level, its overflow policy. */
  readonly settingWord: number;
  readonly lane: LaneWriter;
  readonly local: LocalConsumer | undefined;
  /** A call has waited in vain: records are dropped until half the queue is free. */
  isStalled: boolean;
}

/** The way of a finished record to handlers. */
export interface PublishRoute {
  readonly isEmpty: boolean;
  takes(severity: number): boolean;
  publish(encoder: RecordEncoder, byteCount: number, severity: number): void;
  tryPublish(encoder: RecordEncoder, byteCount: number, severity: number): boolean;
  countTooLarge(severity: number): void;
}

/** What a route is made of. */
export interface RouteParts {
  readonly arena: Arena;
  readonly large: LargeArea;
  readonly threadSlot: number;
  readonly targets: readonly RouteTarget[];
}

/**
 * The way of a finished record to each of its handlers: first to all that have room, then to those whose policy is to
 * wait, under one deadline. One thread's own. Never throws.
 */
export class Route implements PublishRoute {
  readonly #parts: RouteParts;
  readonly #words: Int32Array;
  readonly #targets: readonly RouteTarget[];
  readonly #largeFrame = new ArrayBuffer(LARGE_FRAME_BYTES);

  constructor(parts: RouteParts) {
    this.#parts = parts;
    this.#words = parts.arena.words;
    this.#targets = parts.targets;
  }

  get isEmpty(): boolean {
    return this.#targets.length === 0;
  }

  /** True when some handler takes records of this severity. */
  takes(severity: number): boolean {
    return this.#targets.some((target) => !this.#isBelowLevel(target, severity));
  }

  /** Publishes the record in `encoder`, `byteCount` bytes from its start. */
  publish(encoder: RecordEncoder, byteCount: number, severity: number): void {
    const targets = this.#targets;
    let refused: RouteTarget[] | undefined;
    let large: RouteTarget[] | undefined;
    for (let i = 0; i < targets.length; i++) {
      const target = targets[i] as RouteTarget;
      if (this.#isBelowLevel(target, severity)) continue;
      const lane = target.lane;
      const setting = target.settingWord;
      if (
        byteCount > lane.frameBytesMax ||
        byteCount > (this.#words[setting + HANDLER_RECORD_BYTES] as number)
      ) {
        (large ??= []).push(target);
        continue;
      }
      const isOverCount = this.#words[setting + HANDLER_RECORDS_MAX] !== 0 && this.#isOverCount(target);
      const result = isOverCount || target.isStalled ? FULL : lane.offer(encoder, byteCount);
      if (result === PUBLISHED) this.#published(target, severity);
      else if (result === CLOSED) lane.countAlreadyShutdown();
      else if (!this.#retryNow(target, encoder, byteCount)) (refused ??= []).push(target);
      else this.#published(target, severity);
    }
    if (large !== undefined) this.#publishLarge(large, { encoder, byteCount, severity });
    if (refused !== undefined) this.#waitForRoom(refused, { encoder, byteCount, severity });
  }

  /** Publishes where there is room at once, and counts nothing where there is none. True when every handler has it. */
  tryPublish(encoder: RecordEncoder, byteCount: number, severity: number): boolean {
    let isPublished = true;
    for (const target of this.#targets) {
      if (this.#isBelowLevel(target, severity)) continue;
      const isRefused =
        byteCount > target.lane.frameBytesMax || target.isStalled || this.#isOverCountNow(target);
      if (isRefused || target.lane.offer(encoder, byteCount) !== PUBLISHED) isPublished = false;
      else this.#published(target, severity);
    }
    return isPublished;
  }

  /** A record that the encoder gave up: counted by every handler that would have had it. */
  countTooLarge(severity: number): void {
    for (const target of this.#targets)
      if (!this.#isBelowLevel(target, severity)) target.lane.countTooLarge();
  }

  /** A record that was kept back, and is left out: counted by every handler that would have had it. */
  countFiltered(severity: number): void {
    for (const target of this.#targets)
      if (!this.#isBelowLevel(target, severity)) target.lane.countFiltered();
  }

  #isBelowLevel(target: RouteTarget, severity: number): boolean {
    return severity !== 0 && severity < (this.#words[target.settingWord + HANDLER_LEVEL] as number);
  }

  #published(target: RouteTarget, severity: number): void {
    const isUrgent = severity >= ERROR_SEVERITY;
    if (target.local === undefined) target.lane.nudge(isUrgent);
    else target.local.published(isUrgent);
  }

  #isOverCount(target: RouteTarget): boolean {
    const recordsMax = this.#words[target.settingWord + HANDLER_RECORDS_MAX] as number;
    return queuedCount(this.#parts.arena, target.lane.geometry) >= recordsMax;
  }

  /** What can be done without waiting. Returns true when the record is in the queue, or counted. */
  #retryNow(target: RouteTarget, encoder: RecordEncoder, byteCount: number): boolean {
    if (target.isStalled && target.lane.usedSegments() * 2 <= target.lane.geometry.segmentCount)
      target.isStalled = false;
    if (target.isStalled) return false;
    const isOverCount = this.#isOverCountNow(target);
    if (!isOverCount && target.lane.offer(encoder, byteCount) === PUBLISHED) return true;
    return this.#makeRoom(target) && target.lane.offer(encoder, byteCount) === PUBLISHED;
  }

  /** Makes room without waiting for another thread: by writing here, or by dropping. True when there may be some. */
  #makeRoom(target: RouteTarget): boolean {
    if (target.local?.makeRoom() === true) return true;
    if (this.#words[target.settingWord + HANDLER_OVERFLOW] !== OVERFLOW_DROP_OLDEST) return false;
    return target.lane.dropOldest((frameAt) => this.#releaseLarge(frameAt, target.slot)) > 0;
  }

  #isOverCountNow(target: RouteTarget): boolean {
    return this.#words[target.settingWord + HANDLER_RECORDS_MAX] !== 0 && this.#isOverCount(target);
  }

  #waitForRoom(
    refused: readonly RouteTarget[],
    record: { readonly encoder: RecordEncoder; readonly byteCount: number; readonly severity: number },
  ): void {
    const start = performance.now();
    for (const target of refused) {
      const blocks = this.#words[target.settingWord + HANDLER_OVERFLOW] === OVERFLOW_BLOCK;
      if (
        blocks &&
        !target.isStalled &&
        target.local === undefined &&
        this.#offerUntil(target, record, start)
      ) {
        this.#published(target, record.severity);
      } else {
        target.lane.countQueueFull();
      }
    }
  }

  #offerUntil(
    target: RouteTarget,
    record: { readonly encoder: RecordEncoder; readonly byteCount: number },
    start: number,
  ): boolean {
    const deadline = start + (this.#words[target.settingWord + HANDLER_BLOCK_MILLIS] as number);
    for (let now = performance.now(); now < deadline; now = performance.now()) {
      // Bounded by count, no segment may ever be given back: look again after a while.
      const isOverCount = this.#isOverCountNow(target);
      // A consumer that gathers records for a batch may have them all.
      if (isOverCount) target.lane.wake(true);
      target.lane.waitForRoom(isOverCount ? Math.min(LARGE_RETRY_MILLIS, deadline - now) : deadline - now);
      if (this.#isOverCountNow(target)) continue;
      const result = target.lane.offer(record.encoder, record.byteCount);
      if (result === PUBLISHED) return true;
      if (result === CLOSED) return false;
    }
    target.isStalled = true;
    return false;
  }

  /** The rare way: the frame goes to the large area once, and a pointer to it into each queue. */
  #publishLarge(
    targets: readonly RouteTarget[],
    record: { readonly encoder: RecordEncoder; readonly byteCount: number; readonly severity: number },
  ): void {
    const { encoder, byteCount, severity } = record;
    const takers: RouteTarget[] = [];
    const mask = { low: 0, high: 0, threadSlot: this.#parts.threadSlot };
    for (const target of targets) {
      if (byteCount > (this.#words[target.settingWord + HANDLER_RECORD_BYTES] as number)) {
        target.lane.countTooLarge();
        continue;
      }
      takers.push(target);
      if (target.slot < 32) mask.low |= 1 << target.slot;
      else mask.high |= 1 << (target.slot - 32);
    }
    if (takers.length === 0) return;
    const slot = this.#takeLarge(encoder.bytes.subarray(0, byteCount), { mask, takers });
    for (const target of takers)
      this.#offerLarge(target, { slot, millis: encoder.view.getFloat64(MILLIS_AT, true), severity });
  }

  #takeLarge(
    frame: Uint8Array,
    request: {
      readonly mask: { low: number; high: number; threadSlot: number };
      readonly takers: readonly RouteTarget[];
    },
  ): number {
    const waits = request.takers.map((target) => this.#blockMillis(target));
    const deadline = performance.now() + Math.max(0, ...waits);
    let slot = this.#parts.large.put(frame, request.mask);
    while (slot < 0 && performance.now() < deadline) {
      for (const target of request.takers) target.lane.wake(true);
      Atomics.wait(PAUSE, 0, 0, LARGE_RETRY_MILLIS);
      slot = this.#parts.large.put(frame, request.mask);
    }
    return slot;
  }

  #blockMillis(target: RouteTarget): number {
    const setting = target.settingWord;
    if (this.#words[setting + HANDLER_OVERFLOW] !== OVERFLOW_BLOCK || target.isStalled) return 0;
    if (target.local !== undefined) return target.local.makeRoom() ? 1 : 0;
    return this.#words[setting + HANDLER_BLOCK_MILLIS] as number;
  }

  #offerLarge(
    target: RouteTarget,
    record: { readonly slot: number; readonly millis: number; readonly severity: number },
  ): void {
    if (record.slot < 0) {
      target.lane.countQueueFull();
      return;
    }
    const view = new DataView(this.#largeFrame);
    view.setInt32(FRAME_BYTES_AT, LARGE_FRAME_BYTES, true);
    view.setInt32(SHAPE_AT, LARGE_FLAG, true);
    view.setFloat64(MILLIS_AT, record.millis, true);
    view.setInt32(LARGE_SLOT_AT, record.slot, true);
    const source = { bytes: new Uint8Array(this.#largeFrame), words: new Int32Array(this.#largeFrame) };
    let result = target.lane.offer(source, LARGE_FRAME_BYTES);
    if (result === FULL && this.#blockMillis(target) > 0) {
      target.lane.waitForRoom(this.#blockMillis(target));
      result = target.lane.offer(source, LARGE_FRAME_BYTES);
    }
    if (result === PUBLISHED) {
      this.#published(target, record.severity);
      return;
    }
    this.#parts.large.release(record.slot, target.slot);
    if (result === CLOSED) target.lane.countAlreadyShutdown();
    else target.lane.countQueueFull();
  }

  #releaseLarge(frameAt: number, handlerSlot: number): void {
    if (((this.#words[frameAt / 4 + 1] as number) & LARGE_FLAG) === 0) return;
    this.#parts.large.release(this.#words[(frameAt + LARGE_SLOT_AT) / 4] as number, handlerSlot);
  }
}

const PAUSE = new Int32Array(new SharedArrayBuffer(4));
