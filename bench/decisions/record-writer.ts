/** The writing side of the product's own queue, with one shape: encoder, dictionary and lane as a logger has them. */
import type { Arena } from "../../processors/queue/arena.ts";
import { takeThreadSlot } from "../../processors/queue/threads.ts";
import { FULL, LaneWriter } from "../../processors/queue/writer.ts";
import { ShapeDictionary } from "../../processors/shape/dictionary.ts";
import { RecordEncoder } from "../../processors/shape/encoder.ts";
import { DEFAULT_ENCODER_LIMITS } from "../../processors/shape/value-writer.ts";
import { parseTemplate } from "../../src/record/template.ts";
import { ROW_MASK, tables } from "../data.ts";
import { KEYS, LEVEL, LOGGER, SEVERITY, TEXT } from "./standard-record.ts";

const ROOM_MILLIS = 10_000;

/** Encodes standard records, and puts them into a handler's queue. The calling thread's own. */
export class RecordWriter {
  readonly encoder: RecordEncoder = new RecordEncoder();
  readonly lane: LaneWriter;
  readonly #shapeId: number;

  constructor(arena: Arena, handlerSlot: number) {
    const threadSlot = takeThreadSlot(arena);
    const dictionary = new ShapeDictionary(arena, threadSlot);
    const scope = dictionary.defineScope({ name: LOGGER }, { attributes: { "service.name": "bench" } });
    this.#shapeId = dictionary.defineShape({
      scope,
      severityNumber: SEVERITY,
      severityText: LEVEL,
      body: parseTemplate(TEXT).style,
      template: TEXT,
      argumentCount: 0,
      keys: KEYS,
    });
    this.lane = new LaneWriter(arena, { handlerSlot, lane: threadSlot });
  }

  /**
   * Encodes record `index` into the scratch memory.
   *
   * @param millis The record's time.
   * @returns Bytes of the frame, a multiple of 8.
   */
  encode(index: number, millis: number): number {
    const { encoder } = this;
    const row = index & ROW_MASK;
    encoder.begin(DEFAULT_ENCODER_LIMITS);
    encoder.value(tables.int[row]);
    encoder.value(tables.text[row]);
    encoder.value(tables.flag[row]);
    encoder.value(tables.double[row]);
    return encoder.finish(this.#shapeId, millis);
  }

  /** Puts record `index` into the queue; waits while it is full. @throws {Error} There was no room for ten seconds. */
  write(index: number, millis: number): void {
    const byteCount = this.encode(index, millis);
    while (this.lane.offer(this.encoder, byteCount) === FULL) {
      if (!this.lane.waitForRoom(ROOM_MILLIS)) throw new Error(`Record ${index}: the queue stays full`);
    }
  }
}
