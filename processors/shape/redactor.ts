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

  /** @param limits The size that a record may have with what stands in it then; other limits were kept before. */
  constructor(redaction: Redaction, limits: EncoderLimits) {
    this.#redaction = redaction;
    this.#top = nameStates(redaction);
    this.#limits = limits;
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
    const { bytes, view, frameAt, shape, valuesAt, hasExtras } = record;
    out.begin(this.#limits);
    out.encoded(bytes.subarray(frameAt + FRAME_HEAD_BYTES, valuesAt));
    let at = valuesAt;
    for (let i = 0; i < shape.argumentCount; i++) at = this.#copy(record, at, this.#top, out);
    for (const state of names.states) at = this.#copyNamed(record, at, state, out);
    if (hasExtras) this.#copyExtras(record, at, out);
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

  /** Copies a value that is not named itself. Returns where the next one begins. */
  #copy(record: RecordCursor, at: number, state: NameState, out: RecordEncoder): number {
    const { bytes, view } = record;
    const end = skipValue(view, at);
    const tag = view.getUint8(at);
    if (state.isDead || (tag !== MAP && tag !== ARRAY)) out.encoded(bytes.subarray(at, end));
    else if (tag === MAP) this.#copyMap(record, at, state, out);
    else this.#copyArray(record, at, state, out);
    return end;
  }

  /** Copies the value of a key of the shape, or what stands in its place. Returns where the next one begins. */
  #copyNamed(record: RecordCursor, at: number, state: NameState, out: RecordEncoder): number {
    if (!state.isMatch || record.view.getUint8(at) === ABSENT) return this.#copy(record, at, state, out);
    if (this.#redaction.remove) out.value(undefined);
    else out.text(this.#redaction.censor);
    return skipValue(record.view, at);
  }

  #copyMap(record: RecordCursor, at: number, state: NameState, out: RecordEncoder): void {
    const containerAt = out.openContainer(MAP);
    const count = this.#copyPairs(record, at + 5, state, out);
    out.closeContainer(containerAt, count);
  }

  #copyExtras(record: RecordCursor, at: number, out: RecordEncoder): void {
    out.ensure(4);
    const countAt = out.at;
    out.at += 4;
    const count = this.#copyPairs(record, at, this.#top, out);
    out.view.setUint32(countAt, count, true);
  }

  /** Copies pairs whose count stands at `countAt`. Returns how many there are now. */
  #copyPairs(record: RecordCursor, countAt: number, state: NameState, out: RecordEncoder): number {
    const { bytes, view } = record;
    const { remove, censor } = this.#redaction;
    const count = view.getUint32(countAt, true);
    let at = countAt + 4;
    let copiedCount = 0;
    for (let i = 0; i < count; i++) {
      const valueAt = skipValue(view, at);
      const below = state.next(readText(bytes, view, at));
      const next = skipValue(view, valueAt);
      if (!below.isMatch || !remove) {
        out.encoded(bytes.subarray(at, valueAt));
        if (below.isMatch) out.text(censor);
        else this.#copy(record, valueAt, below, out);
        copiedCount++;
      }
      at = next;
    }
    return copiedCount;
  }

  /** What is left out of an array becomes null: the others keep their places. */
  #copyArray(record: RecordCursor, arrayAt: number, state: NameState, out: RecordEncoder): void {
    const { view } = record;
    const { remove, censor } = this.#redaction;
    const count = view.getUint32(arrayAt + 5, true);
    const containerAt = out.openContainer(ARRAY);
    let at = arrayAt + CONTAINER_HEAD_BYTES;
    for (let i = 0; i < count; i++) {
      const below = state.next(String(i));
      if (below.isMatch) out.value(remove ? null : censor);
      else this.#copy(record, at, below, out);
      at = skipValue(view, at);
    }
    out.closeContainer(containerAt, count);
  }
}
