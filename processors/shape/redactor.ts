import { nameStates, type NameState, type Redaction } from "../../src/record/redaction.ts";
import type { RecordEncoder } from "./encoder.ts";
import { FRAME_HEAD_BYTES, SHAPE_AT } from "./frame.ts";
import type { RecordCursor } from "./record-cursor.ts";
import type { Shape } from "./shape.ts";
import { readText, skipValue } from "./value-reader.ts";
import { ABSENT, ARRAY, CONTAINER_HEAD_BYTES, MAP } from "./value-tag.ts";
import type { EncoderLimits } from "./value-writer.ts";

/** What the paths say of the keys of a shape. */
interface ShapeNames {
  readonly shape: Shape;
  readonly states: readonly NameState[];
  /** Some key is named itself. */
  readonly hasMatch: boolean;
  /** Values of some keys have to be looked into, where they are objects. */
  readonly hasOpen: boolean;
}

/**
 * Replaces values of encoded records by the names that they have: those of attributes, and those in objects, which bodies and arguments may
 * be too. Records that hold none of them are left as they are. One thread's own.
 */
export class Redactor {
  readonly #redaction: Redaction;
  readonly #top: NameState;
  readonly #limits: EncoderLimits;
  readonly #known = new WeakMap<Shape, ShapeNames>();
  #last: ShapeNames | undefined;
  /** The first byte that was passed over and is not copied yet. */
  #from = 0;

  /** @param limits The size that a record may have with what stands in it then; other limits were kept before. */
  constructor(redaction: Redaction, limits: EncoderLimits) {
    this.#redaction = redaction;
    this.#top = nameStates(redaction);
    this.#limits = limits;
  }

  /** Whether the record holds something that is to be replaced. */
  finds(record: RecordCursor): boolean {
    return this.#holdsAny(record, this.#namesOf(record.shape));
  }

  /**
   * Writes the record anew where something in it is to be replaced.
   *
   * @returns Bytes of the record in `out`; 0 for one that holds nothing of the kind: then `out` is as it was.
   * @throws {RangeError} `RECORD_TOO_LARGE`: what stands there now takes more room.
   */
  redact(record: RecordCursor, out: RecordEncoder): number {
    const names = this.#namesOf(record.shape);
    if (!this.#holdsAny(record, names)) return 0;
    const { view, frameAt, shape, valuesAt, hasExtras } = record;
    out.begin(this.#limits);
    this.#from = frameAt + FRAME_HEAD_BYTES;
    let at = valuesAt;
    for (let i = 0; i < shape.argumentCount; i++) at = this.#pass(record, at, this.#top, out);
    for (const state of names.states) at = this.#passNamed(record, at, state, out);
    if (hasExtras) at = this.#passExtras(record, at, out);
    this.#copyTo(record, at, out);
    return out.finish(view.getInt32(frameAt + SHAPE_AT, true), record.millis);
  }

  #namesOf(shape: Shape): ShapeNames {
    if (this.#last?.shape === shape) return this.#last;
    const known = this.#known.get(shape) ?? this.#readNames(shape);
    this.#last = known;
    return known;
  }

  #readNames(shape: Shape): ShapeNames {
    const states = shape.keys.map((key) => this.#top.next(key));
    const names = {
      shape,
      states,
      hasMatch: states.some(({ isMatch }) => isMatch),
      hasOpen: states.some(({ isDead }) => !isDead),
    };
    this.#known.set(shape, names);
    return names;
  }

  #holdsAny(record: RecordCursor, names: ShapeNames): boolean {
    if (names.hasMatch) return true;
    const { shape, view, hasExtras } = record;
    if (shape.argumentCount === 0 && !names.hasOpen && !hasExtras) return false;
    let at = record.valuesAt;
    for (let i = 0; i < shape.argumentCount; i++) {
      if (this.#findsIn(record, at, this.#top)) return true;
      at = skipValue(view, at);
    }
    for (const state of names.states) {
      if (this.#findsIn(record, at, state)) return true;
      at = skipValue(view, at);
    }
    return hasExtras && this.#findsInPairs(record, at, this.#top);
  }

  /** Whether something below the value at `at` is named. */
  #findsIn(record: RecordCursor, at: number, state: NameState): boolean {
    if (state.isDead) return false;
    switch (record.view.getUint8(at)) {
      case MAP:
        return this.#findsInPairs(record, at + 5, state);
      case ARRAY:
        return this.#findsInArray(record, at, state);
      default:
        return false;
    }
  }

  /** @param countAt Where the count of the pairs stands. */
  #findsInPairs(record: RecordCursor, countAt: number, state: NameState): boolean {
    const { bytes, view } = record;
    const count = view.getUint32(countAt, true);
    let at = countAt + 4;
    for (let i = 0; i < count; i++) {
      const below = state.next(readText(bytes, view, at));
      const valueAt = skipValue(view, at);
      if (below.isMatch || this.#findsIn(record, valueAt, below)) return true;
      at = skipValue(view, valueAt);
    }
    return false;
  }

  #findsInArray(record: RecordCursor, arrayAt: number, state: NameState): boolean {
    const { view } = record;
    const count = view.getUint32(arrayAt + 5, true);
    let at = arrayAt + CONTAINER_HEAD_BYTES;
    for (let i = 0; i < count; i++) {
      const below = state.next(String(i));
      if (below.isMatch || this.#findsIn(record, at, below)) return true;
      at = skipValue(view, at);
    }
    return false;
  }

  /** Copies what lies before `at` and was passed over. */
  #copyTo(record: RecordCursor, at: number, out: RecordEncoder): void {
    if (at > this.#from) out.encoded(record.bytes.subarray(this.#from, at));
    this.#from = at;
  }

  /** A value that is not named itself stays; what is in it may not. Returns where the next one begins. */
  #pass(record: RecordCursor, at: number, state: NameState, out: RecordEncoder): number {
    const { view } = record;
    if (state.isDead) return skipValue(view, at);
    switch (view.getUint8(at)) {
      case MAP:
        return this.#passMap(record, at, state, out);
      case ARRAY:
        return this.#passArray(record, at, state, out);
      default:
        return skipValue(view, at);
    }
  }

  /** The value of a key of the shape. Returns where the next one begins. */
  #passNamed(record: RecordCursor, at: number, state: NameState, out: RecordEncoder): number {
    if (!state.isMatch || record.view.getUint8(at) === ABSENT) return this.#pass(record, at, state, out);
    this.#copyTo(record, at, out);
    if (this.#redaction.remove) out.value(undefined);
    else out.text(this.#redaction.censor);
    return this.#skip(record, at);
  }

  /** What stands at `at` is not copied. */
  #skip(record: RecordCursor, at: number): number {
    this.#from = skipValue(record.view, at);
    return this.#from;
  }

  #passMap(record: RecordCursor, at: number, state: NameState, out: RecordEncoder): number {
    this.#copyTo(record, at, out);
    const containerAt = out.openContainer(MAP);
    const { end, count } = this.#passPairs(record, at + 5, state, out);
    out.closeContainer(containerAt, count);
    return end;
  }

  #passExtras(record: RecordCursor, at: number, out: RecordEncoder): number {
    this.#copyTo(record, at, out);
    out.ensure(4);
    const countAt = out.at;
    out.at += 4;
    const { end, count } = this.#passPairs(record, at, this.#top, out);
    out.view.setUint32(countAt, count, true);
    return end;
  }

  /** The pairs whose count stands at `countAt`, copied to the last byte. Says how many there are now. */
  #passPairs(
    record: RecordCursor,
    countAt: number,
    state: NameState,
    out: RecordEncoder,
  ): { readonly end: number; readonly count: number } {
    const { bytes, view } = record;
    const { remove, censor } = this.#redaction;
    let count = view.getUint32(countAt, true);
    let at = countAt + 4;
    this.#from = at;
    for (let i = count; i > 0; i--) {
      const valueAt = skipValue(view, at);
      const below = state.next(readText(bytes, view, at));
      if (!below.isMatch) {
        at = this.#pass(record, valueAt, below, out);
      } else {
        this.#copyTo(record, remove ? at : valueAt, out);
        if (remove) count--;
        else out.text(censor);
        at = this.#skip(record, valueAt);
      }
    }
    this.#copyTo(record, at, out);
    return { end: at, count };
  }

  /** What is left out of an array becomes null: the others keep their places. */
  #passArray(record: RecordCursor, arrayAt: number, state: NameState, out: RecordEncoder): number {
    const { view } = record;
    const { remove, censor } = this.#redaction;
    const count = view.getUint32(arrayAt + 5, true);
    this.#copyTo(record, arrayAt, out);
    const containerAt = out.openContainer(ARRAY);
    let at = arrayAt + CONTAINER_HEAD_BYTES;
    this.#from = at;
    for (let i = 0; i < count; i++) {
      const below = state.next(String(i));
      if (below.isMatch) {
        this.#copyTo(record, at, out);
        out.value(remove ? null : censor);
        at = this.#skip(record, at);
      } else {
        at = this.#pass(record, at, below, out);
      }
    }
    this.#copyTo(record, at, out);
    out.closeContainer(containerAt, count);
    return at;
  }
}
