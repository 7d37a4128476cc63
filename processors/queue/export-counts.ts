import type { Arena } from "./arena.ts";
import {
  ABANDONED_TOTAL,
  IN_FLIGHT_TOTAL,
  OTHER_NAME,
  OTHER_REASON,
  REASON_BYTES,
  REASON_COUNT,
  REASON_FAILED,
  REASON_NAME_AT,
  REASON_OPERATIONS,
  REASON_SECONDS,
  REASONS_AT,
  RING_AT,
  RING_COUNT,
  RING_REASONS_AT,
  SEQUENCE_AT,
  SUBMITTED_TOTAL,
  SUCCESS_REASON,
} from "./export-layout.ts";
import { EXPORTS_AT, type QueueGeometry } from "./queue-layout.ts";

/** What operations of a queue's exporter ended with. */
export interface ReasonCounts {
  /** `error.type`; undefined for success. */
  readonly reason: string | undefined;
  /** Records that failed so. */
  readonly failed: number;
  readonly operations: number;
  /** Seconds that the operations took, all together. */
  readonly seconds: number;
}

/** One operation of an exporter. */
export interface ExportOperation {
  /** `error.type`; undefined for success. */
  readonly reason: string | undefined;
  readonly seconds: number;
}

/** What is counted of the exports of a queue. */
export interface ExportCounts {
  /** Records that an exporter was given, each once, also where it was given a second time after a death. */
  readonly submitted: number;
  /** Records that an exporter has, and has not ended with. */
  readonly inFlight: number;
  /** Records that an exporter had when the process had to end. Part of `exit_deadline`. */
  readonly abandoned: number;
  /** Those that have occurred. */
  readonly reasons: readonly ReasonCounts[];
}

/** Reads what is counted of the exports of a queue. Any thread. */
export function readExportCounts(arena: Arena, geometry: QueueGeometry): ExportCounts {
  const at = exportFloats(geometry);
  const total = (index: number): number => arena.floats[at + index] as number;
  return {
    submitted: total(SUBMITTED_TOTAL),
    inFlight: total(IN_FLIGHT_TOTAL),
    abandoned: total(ABANDONED_TOTAL),
    reasons: readReasons(arena, geometry),
  };
}

/** Index, in float64s, of the totals of a queue's exports. */
export function exportFloats(geometry: QueueGeometry): number {
  return (geometry.at + EXPORTS_AT) / 8;
}

/** Index of the word that counts the operations ended. */
export function sequenceWord(geometry: QueueGeometry): number {
  return (geometry.at + EXPORTS_AT + SEQUENCE_AT) / 4;
}

/** Byte offset of a reason in the arena. */
export function reasonAtOf(geometry: QueueGeometry, reason: number): number {
  return geometry.at + EXPORTS_AT + REASONS_AT + reason * REASON_BYTES;
}

/** Where an operation stands in the ring: index of its seconds as float64, and of its reason as word. */
export function ringPlaceOf(
  geometry: QueueGeometry,
  sequence: number,
): { readonly float: number; readonly word: number } {
  const at = geometry.at + EXPORTS_AT;
  const index = sequence & (RING_COUNT - 1);
  return { float: (at + RING_AT) / 8 + index, word: (at + RING_REASONS_AT) / 4 + index };
}

/** The name of a reason; undefined while its place is free, and for success. */
export function reasonName(arena: Arena, geometry: QueueGeometry, reason: number): string | undefined {
  if (reason === SUCCESS_REASON) return undefined;
  if (reason === OTHER_REASON) return OTHER_NAME;
  const at = reasonAtOf(geometry, reason) + REASON_NAME_AT;
  const byteCount = Atomics.load(arena.bytes, at);
  if (byteCount === 0) return undefined;
  return String.fromCharCode(...arena.bytes.subarray(at + 1, at + 1 + byteCount));
}

/**
 * Operations that ended since the sequence was `sequence`, as far as they are still there. An operation is here before it is in
 * `ExportCounts.reasons`: who reads those first finds each of theirs here, unless it was written over.
 */
export function readOperations(
  arena: Arena,
  geometry: QueueGeometry,
  sequence: number,
): { readonly sequence: number; readonly operations: readonly ExportOperation[] } {
  const word = sequenceWord(geometry);
  const end = Atomics.load(arena.words, word);
  const count = Math.min((end - sequence) >>> 0, RING_COUNT);
  const read: ExportOperation[] = [];
  for (let number = end - count; number !== end; number++) {
    const place = ringPlaceOf(geometry, number);
    const reason = reasonName(arena, geometry, arena.words[place.word] as number);
    read.push({ reason, seconds: arena.floats[place.float] as number });
  }
  // The writer goes on meanwhile: what it may have written over is left out, and the place that it may be writing now.
  const written = (Atomics.load(arena.words, word) - end) >>> 0;
  const lostCount = Math.max(0, count + written + 1 - RING_COUNT);
  return { sequence: end, operations: read.slice(lostCount) };
}

function readReasons(arena: Arena, geometry: QueueGeometry): ReasonCounts[] {
  const reasons: ReasonCounts[] = [];
  for (let reason = 0; reason < REASON_COUNT; reason++) {
    const at = reasonAtOf(geometry, reason) / 8;
    const failed = arena.floats[at + REASON_FAILED] as number;
    const operations = arena.floats[at + REASON_OPERATIONS] as number;
    if (failed === 0 && operations === 0) continue;
    const seconds = arena.floats[at + REASON_SECONDS] as number;
    reasons.push({ reason: reasonName(arena, geometry, reason), failed, operations, seconds });
  }
  return reasons;
}
