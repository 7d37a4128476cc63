/** The scenarios that need no handler: making a record, and formatting one. They use the modules that a call and a worker use. */
import { createArena } from "../../processors/queue/arena.ts";
import { QueueReader } from "../../processors/queue/reader.ts";
import { takeThreadSlot } from "../../processors/queue/threads.ts";
import { LaneWriter } from "../../processors/queue/writer.ts";
import { epochMillis } from "../../processors/shape/clock.ts";
import { ShapeDictionary } from "../../processors/shape/dictionary.ts";
import { RecordEncoder } from "../../processors/shape/encoder.ts";
import { OutputBuffer } from "../../processors/shape/output.ts";
import { RecordCursor } from "../../processors/shape/record-cursor.ts";
import { ShapeReader } from "../../processors/shape/shape-reader.ts";
import { DEFAULT_ENCODER_LIMITS } from "../../processors/shape/value-writer.ts";
import { FemtoTextFormatter } from "../../src/formatters/text-formatter.ts";
import type { OpenScenario } from "./scenarios.ts";

const QUEUE_BYTES = 65_536;
const TEXT = "bork bork bork";
const LINES_BYTES_MAX = 1_048_576;

function nothing(): Promise<void> {
  return Promise.resolve();
}

/** A thread's own half of the way of a record, in memory of its own. */
class Way {
  readonly arena = createArena();
  readonly handlerSlot: number = this.arena.openHandler(QUEUE_BYTES);
  readonly threadSlot: number = takeThreadSlot(this.arena);
  readonly encoder = new RecordEncoder();
  readonly shapeId: number;

  constructor() {
    const dictionary = new ShapeDictionary(this.arena, this.threadSlot);
    this.shapeId = dictionary.defineShape({
      scope: dictionary.defineScope({ name: "hello" }, { attributes: {} }),
      severityNumber: 9,
      severityText: "INFO",
      body: "plain",
      template: TEXT,
      argumentCount: 0,
      keys: [],
    });
  }

  /** A record with the time of now. Returns its bytes. */
  encode(): number {
    this.encoder.begin(DEFAULT_ENCODER_LIMITS);
    return this.encoder.finish(this.shapeId, epochMillis());
  }
}

/** `LogRecord()`: a record as bytes in private memory; text, level and logger are its shape, said once. */
export class RecordLoop implements OpenScenario {
  readonly #way = new Way();
  #count = 0;
  readonly settle: () => Promise<void> = nothing;
  readonly close: () => Promise<void> = nothing;

  readonly loop = (count: number): void => {
    const way = this.#way;
    let made = 0;
    for (let i = 0; i < count; i++) if (way.encode() > 0) made++;
    this.#count += made;
  };

  countArrived(): number {
    return this.#count;
  }
}

/** `Formatter().format()`: one record that stands in a queue as a line of text in a reused buffer, again and again. */
export class FormatLoop implements OpenScenario {
  readonly #formatter = new FemtoTextFormatter();
  readonly #out = new OutputBuffer();
  readonly #cursor: RecordCursor;
  #byteCount = 0;
  readonly settle: () => Promise<void> = nothing;
  readonly close: () => Promise<void> = nothing;

  constructor() {
    const way = new Way();
    const { arena, handlerSlot } = way;
    const lane = new LaneWriter(arena, { handlerSlot, lane: way.threadSlot });
    lane.offer(way.encoder, way.encode());
    const reader = new QueueReader(arena, { handlerSlot });
    this.#cursor = new RecordCursor(arena.bytes);
    const id = this.#cursor.load(reader.next());
    this.#cursor.shape = new ShapeReader(arena).shapeOf(this.#cursor, { lane: reader.lane, id });
  }

  readonly loop = (count: number): void => {
    const out = this.#out;
    for (let i = 0; i < count; i++) {
      if (out.at > LINES_BYTES_MAX) this.#empty();
      this.#formatter.format(this.#cursor, out);
    }
  };

  /** Lines, by their bytes: all are the same. @throws {Error} The bytes are not those of whole lines with the text. */
  countArrived(): number {
    this.#empty();
    this.#formatter.format(this.#cursor, this.#out);
    const line = Buffer.from(this.#out.written()).toString("utf8");
    const count = this.#byteCount / line.length;
    if (!line.endsWith(TEXT) || !Number.isInteger(count))
      throw new Error(`${this.#byteCount} bytes of "${line}"`);
    this.#out.clear();
    return count;
  }

  #empty(): void {
    this.#byteCount += this.#out.at;
    this.#out.clear();
  }
}
