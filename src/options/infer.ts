/** The TypeScript types of options, taken from their table. No code. */
import type { LevelThreshold } from "../record/severity.ts";
import type { OptionDescription, OptionTable } from "./description.ts";

/** The words an enum accepts: its values and their aliases. */
type WordsOf<D> = D extends { readonly values: readonly (infer V)[]; readonly aliases: infer A }
  ? V | (keyof A & string)
  : D extends { readonly values: readonly (infer V)[] }
    ? V
    : never;

/** What may be given for an option. */
type InputOf<D> = D extends { readonly type: "enum" }
  ? WordsOf<D>
  : D extends { readonly type: "level"; readonly numbers: "python" }
    ? Extract<LevelThreshold, string> | number
    : D extends { readonly type: "custom"; readonly accepts: (value: unknown) => value is infer V }
      ? V
      : D extends { readonly type: "group"; readonly table: infer T extends OptionTable }
        ? boolean | OptionsOf<T>
        : D extends { readonly type: infer N extends keyof InputByType }
          ? InputByType[N]
          : unknown;

interface InputByType {
  readonly integer: number;
  readonly number: number;
  readonly string: string;
  readonly boolean: boolean;
  readonly path: string | URL;
  readonly url: string | URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly level: LevelThreshold;
}

/** What an option that is set has become. */
type ValueOf<D> = D extends { readonly type: "enum"; readonly values: readonly (infer V)[] }
  ? V
  : D extends { readonly type: "path" | "url" }
    ? string
    : D extends { readonly type: "level" }
      ? number
      : InputOf<D>;

type IsAlwaysSet<D> = D extends { readonly required: true } | { readonly default: {} } ? true : false;

type RequiredNames<T> = { [K in keyof T]: T[K] extends { readonly required: true } ? K : never }[keyof T];

type Flat<T> = { [K in keyof T]: T[K] };

/** What a caller may give: required options must be there, all others may be left out or `undefined`. */
export type OptionsOf<T> = Flat<
  { readonly [K in RequiredNames<T>]: InputOf<T[K]> } & {
    readonly [K in Exclude<keyof T, RequiredNames<T>>]?: InputOf<T[K]> | undefined;
  }
>;

/** What `resolveOptions()` makes of it: every option is there; `undefined` only where there is no default. */
export type ResolvedOf<T> = {
  readonly [K in keyof T]: IsAlwaysSet<T[K]> extends true ? ValueOf<T[K]> : ValueOf<T[K]> | undefined;
};

/** Changes to a table that leave its types as they are: other defaults, other variables. */
export type TablePatch<T> = { readonly [K in keyof T]?: PatchOf<T[K]> };

type Patchable = Pick<OptionDescription, "environment" | "description">;

/** A default may be replaced, not added: the type of the resolved option depends on whether there is one. */
type PatchOf<D> = Readonly<Partial<Patchable>> &
  (D extends { readonly default: {} } ? { readonly default?: DefaultOf<D> } : {}) &
  (D extends { readonly computedDefault: string } ? { readonly computedDefault?: string } : {});

/** A table after a patch: the same options, of which only is known that those with a default still have one. */
export type Patched<T> = { readonly [K in keyof T]: PatchedDescription<T[K]> };

type PatchedDescription<D> = Omit<D, "default" | "computedDefault" | keyof Patchable> &
  Patchable &
  (D extends { readonly computedDefault: string } ? { readonly computedDefault: string } : {}) &
  (D extends { readonly default: {} } ? { readonly default: DefaultOf<D> } : {});

/** Defaults of the same kind as the one there is. */
type DefaultOf<D> = D extends { readonly type: "enum"; readonly values: readonly (infer V)[] }
  ? V
  : D extends { readonly default: number }
    ? number
    : D extends { readonly default: string }
      ? string
      : D extends { readonly default: infer V }
        ? V
        : never;
