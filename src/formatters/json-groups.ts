import { makeFragment, type Fragment, type OutputBuffer } from "../../processors/shape/output.ts";
import type { RecordCursor } from "../../processors/shape/record-cursor.ts";
import type { Shape } from "../../processors/shape/shape.ts";
import { ABSENT } from "../../processors/shape/value-tag.ts";
import { AttributePath } from "./attribute-path.ts";
import { writeValueAsJsonText } from "./body-value.ts";
import { writeJsonValue } from "./json-value.ts";

const COMMA = 44;
const NOWHERE = -1;

/** An attribute that a layout has a field for. */
export interface GroupMember {
  /** Key of the attribute. */
  readonly attribute: string;
  /** The field with its colon: `"error.type":`. */
  readonly key: string;
  /** Whether the value is always a string. Default: it stays what it is. */
  readonly isText?: boolean;
}

/** Attributes that leave the list of the others and stand together, such as those of an exception. */
export interface AttributeGroup {
  /** Before the first member that the record has: `,"err":{`, or a comma. */
  readonly open: string;
  readonly members: readonly GroupMember[];
  /** Behind the last one: `}`, or nothing. */
  readonly close: string;
}

interface FoundMember {
  readonly path: AttributePath;
  readonly key: Fragment;
  readonly isText: boolean;
}

/** One group for the records of one shape. Nothing is written for a record that has none of the members. */
export class JsonGroup {
  readonly #open: Fragment;
  readonly #close: Fragment;
  readonly #members: readonly FoundMember[];
  /** False where only attributes without a shape can be members. */
  readonly #isInShape: boolean;

  constructor(group: AttributeGroup, shape: Shape) {
    this.#open = makeFragment(group.open);
    this.#close = makeFragment(group.close);
    this.#isInShape = group.members.some(({ attribute }) => shape.keys.includes(attribute));
    this.#members = group.members.map(({ attribute, key, isText }) => ({
      path: new AttributePath(attribute, shape),
      key: makeFragment(key),
      isText: isText === true,
    }));
  }

  write(out: OutputBuffer, record: RecordCursor): void {
    if (!this.#isInShape && !record.hasExtras) return;
    let isOpen = false;
    for (const { path, key, isText } of this.#members) {
      const at = path.findOwn(record);
      if (at === NOWHERE || record.view.getUint8(at) === ABSENT) continue;
      if (isOpen) out.byte(COMMA);
      else out.fragment(this.#open);
      isOpen = true;
      out.fragment(key);
      if (isText) writeValueAsJsonText(out, record, at);
      else writeJsonValue(out, record, at);
    }
    if (isOpen) out.fragment(this.#close);
  }
}
