import { makeFragment, OutputBuffer, type Fragment } from "../processors/shape/output.ts";
import type { Shape } from "../processors/shape/shape.ts";
import { AS_IT_IS } from "../src/formatters/body-value.ts";
import { TextBody } from "../src/formatters/body.ts";
import {
  ANY_STRING,
  KEY_VALUE_KEY,
  KEY_VALUE_VALUE,
  RECORD_ATTRIBUTES,
  RECORD_BODY,
  RECORD_EVENT_NAME,
  RECORD_SEVERITY_NUMBER,
  RECORD_SEVERITY_TEXT,
} from "./otlp-fields.ts";
import type { ScopeBatch, ShapeContext } from "./scope-batches.ts";
import { canCarryTemplate, templateKey } from "./template-attribute.ts";
import { writeMessageField, writeTextField, writeVarint } from "./wire.ts";

const initialBytes = 512;

/** What of a LogRecord message is the same for all records of a shape. */
export interface ProtobufFragments {
  readonly owner: object;
  readonly batch: ScopeBatch;
  /** Whole fields: severity, a body that no value can change, event name. */
  readonly fields: Fragment;
  /** The text of the body; undefined where that is constant or no text. */
  readonly text: TextBody | undefined;
  /** For each key the field `attributes` as far as the value: see `writePairHead`. */
  readonly pairHeads: readonly Fragment[];
  /** The attribute with the template, whole; undefined where it is not carried. */
  readonly template: Fragment | undefined;
  /** Bytes of the shape's last record: the guess how much room the length of the next one needs. */
  recordBytes: number;
  /** Bytes of the shape's last body text. */
  textBytes: number;
}

/** Makes the fragments of shapes. One renderer's own: there is one buffer for all of them to be written in. */
export class ProtobufFragmentMaker {
  readonly #out = new OutputBuffer(initialBytes);

  make(shape: Shape, context: ShapeContext): ProtobufFragments {
    const hasText = shape.body !== "value" && shape.body !== "none";
    const text = hasText ? new TextBody(shape, AS_IT_IS) : undefined;
    const carriesTemplate = context.includeTemplate && canCarryTemplate(shape);
    return {
      owner: context.owner,
      batch: context.batch,
      fields: this.#fragmentOf((out) => writeConstantFields(out, shape, text?.constant)),
      text: text?.constant === undefined ? text : undefined,
      pairHeads: shape.keys.map((key) => this.#fragmentOf((out) => writePairHead(out, key))),
      template: carriesTemplate ? this.#fragmentOf((out) => writeTemplate(out, shape.template)) : undefined,
      recordBytes: 0,
      textBytes: shape.template.length,
    };
  }

  #fragmentOf(write: (out: OutputBuffer) => void): Fragment {
    this.#out.clear();
    write(this.#out);
    return makeFragment(this.#out.written());
  }
}

function writeConstantFields(out: OutputBuffer, shape: Shape, body: string | undefined): void {
  if (shape.severityNumber !== 0) {
    out.byte(RECORD_SEVERITY_NUMBER);
    writeVarint(out, shape.severityNumber);
  }
  if (shape.severityText !== "") writeTextField(out, RECORD_SEVERITY_TEXT, shape.severityText);
  if (body !== undefined) writeMessageField(out, RECORD_BODY, () => writeTextField(out, ANY_STRING, body));
  if (shape.eventName) writeTextField(out, RECORD_EVENT_NAME, shape.eventName);
}

function writeTemplate(out: OutputBuffer, template: string): void {
  writeMessageField(out, RECORD_ATTRIBUTES, () => {
    writeTextField(out, KEY_VALUE_KEY, templateKey);
    writeMessageField(out, KEY_VALUE_VALUE, () => writeTextField(out, ANY_STRING, template));
  });
}

/** The tag, a byte for the length of the pair, the key, the tag of the value, a byte for its length. Both bytes are 0. */
function writePairHead(out: OutputBuffer, key: string): void {
  out.byte(RECORD_ATTRIBUTES);
  out.byte(0);
  writeTextField(out, KEY_VALUE_KEY, key);
  out.byte(KEY_VALUE_VALUE);
  out.byte(0);
}
