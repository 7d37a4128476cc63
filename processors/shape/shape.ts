import type { ParsedTemplate } from "../../src/record/template.ts";

/** Where records come from: told once, exported once a batch. */
export interface ResourceDefinition {
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly schemaUrl: string | undefined;
  /** True until the asynchronous attributes of the resource have arrived. */
  pending: boolean;
}

/** The instrumentation scope: a logger's name, version and attributes. */
export interface ScopeDefinition {
  readonly name: string;
  readonly version: string | undefined;
  readonly schemaUrl: string | undefined;
  readonly attributes: Readonly<Record<string, unknown>>;
  resource: ResourceDefinition;
}

/**
 * How the body of a record comes about: a text with named holes filled from the attributes (`named`), a text
 * with printf holes filled from the positional arguments (`printf`), a text as it is (`plain`), the first value
 * (`value`), or no body (`none`). `line`: the first value is a whole record as another logger has written it, the template is what
 * has to be known to read it; whoever reads the record makes another of it first (processors/worker/line-records.ts).
 */
export type BodyStyle = "named" | "printf" | "plain" | "value" | "none" | "line";

/**
 * The static part of a call. Registered once a thread, known by its id afterwards.
 * Owned by the reading thread; `fragments` belongs to the one renderer of that reader.
 */
export interface Shape {
  readonly scope: ScopeDefinition;
  /** 0 to 24; 0 is unspecified. */
  readonly severityNumber: number;
  readonly severityText: string;
  readonly body: BodyStyle;
  /** The body's text, holes unfilled; where the style is `value` or `none` the text it was made from, mostly "". */
  readonly template: string;
  readonly parsed: ParsedTemplate;
  /** Values before those of the keys. */
  readonly argumentCount: number;
  readonly keys: readonly string[];
  readonly eventName: string | undefined;
  /** What a renderer has precomputed for this shape. */
  fragments: unknown;
}
