/**
 * What an option is, as data. Validation, error texts, environment variables, builders, TypeScript types and CONFIG.md
 * all come from tables of these descriptions, so a number stands in one place.
 *
 * A table is written `export const X = { … } as const;`: `as const` keeps the names and values for the types in
 * `infer.ts` (`satisfies` cannot be exported under `isolatedDeclarations`; test/options/tables.test.ts checks the form).
 */

/** What a number counts. */
export type OptionUnit = "ms" | "bytes" | "records" | "requests";

/** Environment variables by name, such as `process.env`. */
export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Turns the text of an environment variable into the text that the option's type expects.
 * `undefined` when it cannot be: then it is reported and ignored.
 */
export type FromEnvironment = (text: string, variable: string) => string | undefined;

/** What options of every type may say. */
export interface CommonDescription {
  /** One or two sentences for CONFIG.md: what it does, what special values mean. */
  readonly description: string;
  /** There is no default: leaving it out is a fault. */
  readonly required?: true;
  /** What is used when nothing is given and no `default` can say it; the resolved value is `undefined` then. */
  readonly computedDefault?: string;
  /** Variables that are asked when nothing is given: the first that is set and right wins. */
  readonly environment?: readonly string[];
  /** For variables whose text is not the option's value. */
  readonly fromEnvironment?: FromEnvironment;
  /** A value that, given in code, still leaves the choice to the environment, such as "auto". */
  readonly leavesToEnvironment?: string;
  /** Name of an option of the same table that this one may not exceed, when that one has a value. */
  readonly atMost?: string;
  /** Names of options of the same table that may not be given together with this one. */
  readonly excludes?: readonly string[];
  /** Only its variables can set it. */
  readonly environmentOnly?: true;
  /** The value is never shown, as those of headers are not. */
  readonly secret?: true;
  /** Names of it elsewhere (Python, pino), for "did you mean". */
  readonly alsoKnownAs?: readonly string[];
}

/** A number with a range, both ends included. */
export interface NumberDescription extends CommonDescription {
  readonly type: "integer" | "number";
  readonly minimum: number;
  readonly maximum?: number;
  readonly unit?: OptionUnit;
  /** 8: written in octal, as file modes are. */
  readonly radix?: 8;
  readonly default?: number;
}

/** Text. */
export interface StringDescription extends CommonDescription {
  readonly type: "string";
  readonly notEmpty?: true;
  readonly default?: string;
}

/** A switch. */
export interface BooleanDescription extends CommonDescription {
  readonly type: "boolean";
  readonly default?: boolean;
}

/** One of a few words. */
export interface EnumDescription extends CommonDescription {
  readonly type: "enum";
  readonly values: readonly string[];
  /** Other spellings, by the value they stand for. */
  readonly aliases?: Readonly<Record<string, string>>;
  /** What to do with words that are right elsewhere, by the word. */
  readonly adviceFor?: Readonly<Record<string, string>>;
  readonly default?: string;
}

/** A path or file URL; resolved to an absolute path. */
export interface PathDescription extends CommonDescription {
  readonly type: "path";
  readonly default?: string;
}

/** A URL, as text or object; resolved to text. */
export interface UrlDescription extends CommonDescription {
  readonly type: "url";
  /** Allowed schemes with their colon: "https:". */
  readonly protocols: readonly string[];
  /** `host` and `host:port` without a scheme as well; left as they are. */
  readonly takesHostAndPort?: true;
  readonly default?: string;
}

/**
 * HTTP headers; resolved to lower-case names. Those of all variables and of the option are merged: the option wins
 * over the variables, a variable over those listed after it. Values are secrets: no error text shows them.
 */
export interface HeadersDescription extends CommonDescription {
  readonly type: "headers";
  readonly default?: Readonly<Record<string, string>>;
}

/** A level; resolved to the lowest OpenTelemetry severity number that passes, 0 to 25 as in `parseThreshold()`. */
export interface LevelDescription extends CommonDescription {
  readonly type: "level";
  /** Numbers are those of Python's `logging` (20 is INFO), as in its schemas; else OpenTelemetry's (9 is INFO). */
  readonly numbers?: "python";
  readonly default?: string;
}

/** Options inside of an option, or `true` for all their defaults, `false` for none. Checked, handed on as given. */
export interface GroupDescription extends CommonDescription {
  readonly type: "group";
  readonly table: OptionTable;
  readonly default?: boolean;
}

/** Objects, functions and unions that only code can tell. */
export interface CustomDescription extends CommonDescription {
  readonly type: "custom";
  /** What it accepts, as the end of "must be". */
  readonly expected: string;
  /** The type of the option is what this guard says. */
  readonly accepts: (value: unknown) => boolean;
  /** Where in a value that it does not accept the fault is, and what must stand there: for values of many parts. */
  readonly faultIn?: (
    value: unknown,
  ) => { readonly place: string; readonly value: unknown; readonly expected: string } | undefined;
  readonly default?: unknown;
}

/** One option. */
export type OptionDescription =
  | NumberDescription
  | StringDescription
  | BooleanDescription
  | EnumDescription
  | PathDescription
  | UrlDescription
  | HeadersDescription
  | LevelDescription
  | GroupDescription
  | CustomDescription;

/** Options by name. */
export type OptionTable = Readonly<Record<string, OptionDescription>>;
