// What a call may look like, for the compiler: the holes of a literal template, and the arguments that they ask for.
// The rules of src/record/template.ts, once more as types. All recursions are tail calls, one step for each `{` or `%`.

import type {
  CheckedAttributes,
  CheckedValue,
  Loggable,
  LoggableAttributes,
  LoggableObject,
} from "../record/log-record.ts";
import type { Level } from "../record/severity.ts";
import type { PrintfConversion } from "../record/template.ts";

// ---- Named holes ----------------------------------------------------------------------------------------------------

type Space = " " | "\t" | "\n" | "\r" | "\v" | "\f";
type Quote = '"' | "'" | "`";
type Bracket = "(" | ")" | "[" | "]" | "{" | "}" | "<" | ">";
type Sign = "!" | "#" | "%" | "&" | "*" | "+" | "," | ":" | ";" | "=" | "?" | "\\" | "^" | "|" | "~";
type Digit = "0" | "1" | "2" | "3" | "4" | "5" | "6" | "7" | "8" | "9";

/** What no name is, contains, begins with or ends with. */
type NoName =
  | ""
  | `${string}${Space | Quote | Bracket | Sign | ".."}${string}`
  | `${Digit | "." | "/" | "-"}${string}`
  | `${string}.`;

/**
 * The names in the named holes of a literal template: `"User {user} paid {amount}"` gives `"user" | "amount"`, none give
 * `never`. `{a.b}` gives `"a.b"`.
 */
export type NamedHoles<
  Template extends string,
  Found extends string = never,
> = Template extends `${string}{${infer After}`
  ? After extends `{${infer Rest}`
    ? NamedHoles<Rest, Found>
    : After extends `${infer Name}}${infer Rest}`
      ? Name extends NoName
        ? NamedHoles<After, Found>
        : NamedHoles<Rest, Found | Name>
      : Found
  : Found;

/** What fills the hole `Path`: an attribute of that name; for a path with dots also an attribute that holds the rest. */
type HoleValue<Path extends string> =
  | { readonly [K in Path]: unknown }
  | (Path extends `${infer Head}.${infer Inner}` ? { readonly [K in Head]: HoleValue<Inner> } : never);

type DottedName<Names extends string> = Names extends `${string}.${string}` ? Names : never;

/** `HoleValue` of each name, all together. Boxed: an intersection of unions must not become a union of intersections. */
type DottedValues<Names extends string> = (
  Names extends string ? (box: { readonly value: HoleValue<Names> }) => void : never
) extends (box: infer Boxes extends { readonly value: unknown }) => void
  ? Boxes["value"]
  : never;

/** The attributes that must be given for holes of these names. Their values are checked by {@link CheckedAttributes}. */
export type HoleValues<Names extends string> = {
  readonly [K in Exclude<Names, DottedName<Names>>]: unknown;
} & ([DottedName<Names>] extends [never] ? unknown : DottedValues<DottedName<Names>>);

// ---- Printf holes ---------------------------------------------------------------------------------------------------

type PrintfValue<Conversion extends PrintfConversion> = Conversion extends "d" | "i" | "f"
  ? number | bigint
  : Loggable;

/**
 * The positional arguments that the % holes of a literal template ask for: `"retry %d of %s"` gives
 * `[number | bigint, Loggable]`, a template without % holes `[]`.
 */
export type PrintfArgs<
  Template extends string,
  Found extends readonly unknown[] = [],
> = Template extends `${string}%${infer After}`
  ? After extends `${infer Conversion extends PrintfConversion}${infer Rest}`
    ? PrintfArgs<Rest, [...Found, PrintfValue<Conversion>]>
    : After extends `%${infer Rest}`
      ? PrintfArgs<Rest, Found>
      : PrintfArgs<After, Found>
  : Found;

// ---- Kinds of arguments ---------------------------------------------------------------------------------------------

type AnyFunction = (...args: never) => unknown;

/** An error has a stack; attributes that happen to be called `name` and `message` have none. */
type IsError<V> = [NonNullable<V>] extends [Error]
  ? "stack" extends keyof NonNullable<V>
    ? true
    : false
  : false;

/** How an argument after the template is taken. `unknown` is what `catch` gives, and a lone `null` is no error either. */
type Kind<V> = 0 extends 1 & V
  ? "any"
  : unknown extends V
    ? "error"
    : IsError<V> extends true
      ? "error"
      : [V] extends [AnyFunction]
        ? "lazy"
        : "attributes";

/** False for `string`, and for types such as `Order ${number}`, of which nobody knows the text. */
type IsLiteral<Template extends string> = {} extends Record<Template, 1> ? false : true;

// ---- Arguments ------------------------------------------------------------------------------------------------------

/** Attributes of type `A` for holes of these names. Primitives and arrays are none. */
type Attributes<Names extends string, A> = [Names] extends [never]
  ? Checked<A>
  : Checked<A> & HoleValues<Names>;
type Checked<A> = A extends string | number | bigint | boolean | symbol | readonly unknown[]
  ? LoggableAttributes
  : CheckedAttributes<A>;

type AttributesOrLazy<Names extends string, A> = [A] extends [(...args: never) => infer Result]
  ? () => Attributes<Names, Result>
  : Attributes<Names, A>;

/** Attributes and error after the template and its positional arguments: each at most once, in either order. */
type Tail<Names extends string, Rest extends readonly unknown[]> = Rest extends readonly []
  ? [Names] extends [never]
    ? []
    : [attributes: HoleValues<Names>]
  : Rest extends readonly [infer A]
    ? TailOfOne<Names, A>
    : Rest extends readonly [infer A, infer B, ...unknown[]]
      ? TailOfTwo<Names, A, B>
      : LooseArguments<Rest>;

type TailOfOne<Names extends string, A> =
  Kind<A> extends "any"
    ? [attributes: unknown]
    : Kind<A> extends "error"
      ? [Names] extends [never]
        ? [error: unknown]
        : [error: unknown, attributes: HoleValues<Names>]
      : [attributes: AttributesOrLazy<Names, A>];

type TailOfTwo<Names extends string, A, B> = [Kind<A>, Kind<B>] extends ["attributes" | "lazy", "error"]
  ? [attributes: AttributesOrLazy<Names, A>, error: unknown]
  : [error: Kind<A> extends "error" | "any" ? unknown : Error, attributes: AttributesOrLazy<Names, B>];

/** Without a literal template nothing is known of the holes: any values, and attributes that are made when needed. */
type LooseArguments<Rest extends readonly unknown[]> = { readonly [I in keyof Rest]: LooseValue<Rest[I]> };
type LooseValue<V> = unknown extends V ? unknown : CheckedValue<V> | (() => LoggableObject);

/** What is asked for at each % hole; `unknown` passes where any value would. */
type Positional<Asked extends readonly unknown[], Given extends readonly unknown[]> = {
  [I in keyof Asked]: I extends keyof Given
    ? Loggable extends Asked[I]
      ? CheckedValue<Given[I]>
      : Asked[I]
    : Asked[I];
};

type Without<Rest extends readonly unknown[], Asked extends readonly unknown[]> = Asked extends readonly [
  unknown,
  ...infer AskedRest,
]
  ? Rest extends readonly [unknown, ...infer Others]
    ? Without<Others, AskedRest>
    : []
  : Rest;

type TemplateArguments<Template extends string, Rest extends readonly unknown[], Known = unknown> =
  IsLiteral<Template> extends true
    ? PrintfArgs<Template> extends infer Asked extends readonly unknown[]
      ? [...Positional<Asked, Rest>, ...Tail<MissingNames<NamedHoles<Template>, Known>, Without<Rest, Asked>>]
      : never
    : LooseArguments<Rest>;

/** The names that attributes given before the template do not fill. */
type MissingNames<Names extends string, Known> = Names extends string
  ? Known extends HoleValue<Names>
    ? never
    : Names
  : never;

/** After an error or attributes: a template with its arguments, or what was not given yet. */
type AfterObject<Rest extends readonly unknown[], Known = unknown> = Rest extends readonly []
  ? []
  : Rest extends readonly [infer A, ...infer Others]
    ? [A] extends [string]
      ? [template: A, ...args: TemplateArguments<A, Others, Known>]
      : Tail<never, Rest>
    : LooseArguments<Rest>;

/**
 * What may follow the first argument of a call. `First` is the type of that argument, `Rest` of those that were given:
 * they decide which form of call is meant (see {@link LogMethod}), and the result is what that form asks for.
 */
export type LogArguments<First, Rest extends readonly unknown[]> = [First] extends [string]
  ? TemplateArguments<First, Rest>
  : Kind<First> extends "error" | "any"
    ? AfterObject<Rest>
    : AfterObject<Rest, First>;

/** What the first argument of a call may be: a template, an error, or attributes. */
export type FirstArgument<First> = unknown extends First
  ? unknown
  : [First] extends [string | Error | null | undefined]
    ? unknown
    : [First] extends [readonly unknown[]]
      ? string | Error | LoggableAttributes
      : [First] extends [object]
        ? CheckedAttributes<First> & LoggableObject
        : string | Error | LoggableAttributes;

/**
 * Logs at one level. Never throws, and no argument is ever lost, also where the compiler could not look.
 *
 *     log.info("plain text")
 *     log.info("Order {orderId} took {ms} ms", { orderId, ms, customer })   attributes; a missing `ms` does not compile
 *     log.info("retry %d of %d", attempt, max, { host })                    positional; attributes may follow
 *     log.debug("cart {size}", () => ({ size: cart.count() }))              called only if the record is wanted
 *     log.error("payment {id} failed", error, { id })                       an error, before or after the attributes
 *     log.error(error), log.error(error, "payment failed", { id })          an error first
 *     log.info({ id }, "payment {id}")                                      attributes first, as pino has them
 *
 * Attributes are a plain object or an interface without methods. In a template that is no literal, and in
 * `Order ${id}`, the holes are unknown: any values may follow.
 */
export interface LogMethod {
  // `First extends never` is never true: the parameter's type is the other branch, and the compiler infers from this one.
  <const First, const Rest extends readonly unknown[]>(
    first: [First] extends [never] ? First : FirstArgument<First>,
    ...rest: [Rest] extends [never] ? Rest : LogArguments<First, Rest>
  ): void;
}

/** {@link LogMethod} for an error that was caught, whatever its type: `log.exception(error, "payment {id} failed", { id })`. */
export interface ExceptionMethod {
  <const Rest extends readonly unknown[]>(
    error: unknown,
    ...rest: [Rest] extends [never] ? Rest : LogArguments<unknown, Rest>
  ): void;
}

/** {@link LogMethod} at a level that is known at run time only: `log.log("WARN", "disk {used} full", { used })`. */
export interface LevelledLogMethod {
  <const First, const Rest extends readonly unknown[]>(
    level: Level,
    first: [First] extends [never] ? First : FirstArgument<First>,
    ...rest: [Rest] extends [never] ? Rest : LogArguments<First, Rest>
  ): void;
}
