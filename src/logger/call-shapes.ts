import type { DefinedScope, ShapeDictionary } from "../../processors/shape/dictionary.ts";
import { ShapeFamily } from "../../processors/shape/shape-family.ts";
import { parseTemplate } from "../record/template.ts";

/** Templates that get shapes of their own, a thread: those of call sites, not texts made at run time. */
const TEMPLATES_MAX = 1024;
const TEMPLATE_LENGTH_MAX = 1024;
const SEEN_ONCE_MAX = 1024;

/** A template as its calls see it. */
export interface CallTemplate {
  readonly text: string;
  /** Positional arguments that its % holes take. */
  readonly holeCount: number;
  /** The family of calls with as many arguments as holes. */
  readonly family: ShapeFamily;
  /** Families of calls with more or fewer positional arguments. */
  readonly byArgumentCount: Map<number, ShapeFamily>;
}

/** How many templates this thread has registered, over all loggers, and which texts were seen once. */
export class TemplateBudget {
  #count = 0;
  #seenOnce = new Set<string>();
  /** Called once, when templates begin to travel inside the records. */
  readonly #onExhausted: () => void;

  constructor(onExhausted: () => void) {
    this.#onExhausted = onExhausted;
  }

  /** True when the text has come a second time and there is room: it is a call site, worth a shape. */
  admits(text: string): boolean {
    if (text.length > TEMPLATE_LENGTH_MAX) return false;
    if (!this.#seenOnce.has(text)) {
      if (this.#seenOnce.size >= SEEN_ONCE_MAX) this.#seenOnce = new Set();
      this.#seenOnce.add(text);
      return false;
    }
    if (this.#count === TEMPLATES_MAX) {
      this.#onExhausted();
      return false;
    }
    this.#seenOnce.delete(text);
    this.#count++;
    return true;
  }
}

/** The templates of one logger at one level. One thread's own; loggers made by `with` share it. */
export class LevelCalls {
  readonly severity: number;
  readonly severityText: string;
  readonly #dictionary: ShapeDictionary;
  readonly #scope: DefinedScope;
  readonly #budget: TemplateBudget;
  readonly #templates = new Map<string, CallTemplate>();
  #last: CallTemplate | undefined;

  constructor(parts: {
    readonly severity: number;
    readonly severityText: string;
    readonly dictionary: ShapeDictionary;
    readonly scope: DefinedScope;
    readonly budget: TemplateBudget;
  }) {
    this.severity = parts.severity;
    this.severityText = parts.severityText;
    this.#dictionary = parts.dictionary;
    this.#scope = parts.scope;
    this.#budget = parts.budget;
  }

  /** The template of a text; made for this one call where the text is new, or one too many. */
  template(text: string): CallTemplate {
    const last = this.#last;
    if (last !== undefined && last.text === text) return last;
    const known = this.#templates.get(text);
    if (known !== undefined) {
      this.#last = known;
      return known;
    }
    const isRegistered = this.#budget.admits(text);
    const made = this.#make(text, isRegistered);
    if (isRegistered) this.#templates.set(text, made);
    return made;
  }

  /** Positional arguments that a text takes; registers nothing. */
  holeCount(text: string): number {
    return this.#templates.get(text)?.holeCount ?? parseTemplate(text).argumentCount;
  }

  /** The family of calls of this template with so many positional arguments. */
  family(template: CallTemplate, argumentCount: number): ShapeFamily {
    if (argumentCount === template.holeCount) return template.family;
    const known = template.byArgumentCount.get(argumentCount);
    if (known !== undefined) return known;
    const isRegistered = template.byArgumentCount.size < 8 && this.#templates.has(template.text);
    const family = this.#makeFamily({ text: template.text, argumentCount, isRegistered });
    if (isRegistered) template.byArgumentCount.set(argumentCount, family);
    return family;
  }

  #make(text: string, isRegistered: boolean): CallTemplate {
    const holeCount = parseTemplate(text).argumentCount;
    const family = this.#makeFamily({ text, argumentCount: holeCount, isRegistered });
    return { text, holeCount, family, byArgumentCount: new Map() };
  }

  #makeFamily(parts: {
    readonly text: string;
    readonly argumentCount: number;
    readonly isRegistered: boolean;
  }): ShapeFamily {
    const fixed = {
      scope: this.#scope,
      severityNumber: this.severity,
      severityText: this.severityText,
      body: parseTemplate(parts.text).style,
      template: parts.text,
      argumentCount: parts.argumentCount,
      eventName: undefined,
    };
    return new ShapeFamily(this.#dictionary, fixed, parts.isRegistered);
  }
}
