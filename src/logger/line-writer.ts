import { epochMillis } from "../../processors/shape/clock.ts";
import type { DefinedScope, ShapeInput } from "../../processors/shape/dictionary.ts";
import { writeShapeHead, writeSpan } from "../../processors/shape/emit-shapes.ts";
import { FLAG_EXTRAS } from "../../processors/shape/frame.ts";
import { messageOf } from "../../processors/shape/object-encoder.ts";
import type { KnownShape } from "../../processors/shape/shape-family.ts";
import { RECORD_TOO_LARGE } from "../../processors/shape/value-writer.ts";
import { reportTrouble } from "../diagnostics.ts";
import type { PinoLineFormat } from "../record/pino-line.ts";
import { activeSpan } from "./call-encoder.ts";
import { contextAttributes } from "./context.ts";
import type { LogSystem } from "./log-system.ts";
import { LoggerCore } from "./logger-core.ts";

/** Kinds of lines that get a shape of their own; those beyond say what they are in each record. */
const SHAPES_MAX = 256;

/** What the lines of one level of a foreign logger have in common. */
export interface LineKind {
  readonly severityNumber: number;
  readonly severityText: string;
  readonly shape: KnownShape;
}

/**
 * Puts lines that another logger has finished on their way as records of a logger of ours, without a look into them: whoever drains
 * the queue parses them. One thread's own.
 */
export class LineWriter {
  readonly #system: LogSystem;
  readonly #core: LoggerCore;
  readonly #scope: DefinedScope;
  readonly #kinds = new Map<string, LineKind>();

  constructor(system: LogSystem, name: string) {
    this.#system = system;
    this.#core = new LoggerCore(system, { name });
    this.#scope = system.port.dictionary.defineScope({ name }, system.resource);
  }

  /** The kind of lines of one level. */
  kindOf(
    level: Pick<LineKind, "severityNumber" | "severityText">,
    format: Omit<PinoLineFormat, "attributeCountMax" | "valueLengthMax">,
  ): LineKind {
    const { attributeCountMax, valueLengthMax } = this.#system.limits;
    const { severityNumber, severityText } = level;
    const template = JSON.stringify({
      ...format,
      // JSON has no infinity.
      ...(Number.isFinite(attributeCountMax) ? { attributeCountMax } : {}),
      ...(Number.isFinite(valueLengthMax) ? { valueLengthMax } : {}),
    });
    const key = `${severityNumber} ${severityText} ${template}`;
    const known = this.#kinds.get(key);
    if (known !== undefined) return known;
    const input: ShapeInput = {
      scope: this.#scope,
      severityNumber,
      severityText,
      body: "line",
      template,
      argumentCount: 1,
      keys: [],
    };
    const hasRoom = this.#kinds.size < SHAPES_MAX;
    const id = hasRoom ? this.#system.port.dictionary.defineShape(input) : 0;
    const kind = { severityNumber, severityText, shape: { id, input, keys: input.keys } };
    if (hasRoom) this.#kinds.set(key, kind);
    return kind;
  }

  /** Whether a line of this severity would go anywhere now. */
  takes(severityNumber: number): boolean {
    const core = this.#core;
    return (core.words[core.cell] as number) <= severityNumber && core.route.takes(severityNumber);
  }

  /** Copies a line into the queues of the logger's handlers, with the span of the caller. Never throws. */
  write(line: string, { severityNumber, shape }: LineKind): void {
    const { port, limits } = this.#system;
    const { route } = this.#core;
    const encoder = port.acquire();
    try {
      encoder.begin(limits);
      const span = activeSpan();
      let flags = span === undefined ? 0 : writeSpan(encoder, span);
      if (shape.id === 0)
        flags |= writeShapeHead(encoder, { shape, droppedCount: 0, dictionary: port.dictionary });
      encoder.text(line);
      const scoped = contextAttributes();
      if (scoped !== undefined) {
        flags |= FLAG_EXTRAS;
        encoder.uint32(scoped.count);
        scoped.write(encoder, shape);
      }
      route.publish(encoder, encoder.finish(shape.id | flags, epochMillis()), severityNumber);
    } catch (error) {
      if (error === RECORD_TOO_LARGE) route.countTooLarge(severityNumber);
      else reportTrouble("record", `A record could not be made: ${messageOf(error)}`);
    } finally {
      port.release();
    }
  }
}
