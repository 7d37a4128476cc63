/**
 * Environment variables in the scalars of a configuration file: `${NAME}`, `${env:NAME}`, `${NAME:-default}`, and `$$` for
 * a dollar sign. Pure.
 *
 * @see Specification, Configuration > Data model: Environment variable substitution
 */
import type { Environment } from "../options/description.ts";

/** The text with the variables in it, or what is no reference. */
export type Substitution =
  | { readonly ok: true; readonly text: string; readonly isChanged: boolean }
  | { readonly ok: false; readonly reference: string };

const PARTS: RegExp = /\$\$|\$\{([^}\n]*)\}?/g;
const REFERENCE: RegExp = /^\$\{(?:env:)?([A-Za-z_][A-Za-z0-9_]*)(?::-([^}\n]*))?\}$/;

/**
 * Puts the values of variables into one scalar. What a variable holds is not looked at again: it can refer to nothing.
 *
 * @returns A variable that is not set, or empty, without a default leaves nothing.
 */
export function substitute(text: string, environment: Environment): Substitution {
  let badReference: string | undefined;
  const replaced = text.replaceAll(PARTS, (part) => {
    if (part === "$$") return "$";
    const [, name, fallback] = REFERENCE.exec(part) ?? [];
    if (name === undefined) badReference ??= part;
    return (name === undefined ? undefined : environment[name]) || (fallback ?? "");
  });
  if (badReference !== undefined) return { ok: false, reference: badReference };
  return { ok: true, text: replaced, isChanged: replaced !== text };
}

const CORE_VALUES: ReadonlyMap<string, unknown> = new Map<string, unknown>([
  ...["", "~", "null", "Null", "NULL"].map((word): [string, unknown] => [word, null]),
  ...["true", "True", "TRUE"].map((word): [string, unknown] => [word, true]),
  ...["false", "False", "FALSE"].map((word): [string, unknown] => [word, false]),
  ...[".nan", ".NaN", ".NAN"].map((word): [string, unknown] => [word, Number.NaN]),
]);

/**
 * What a plain scalar of YAML stands for, once the variables are in it: its type comes from the result, structure never does.
 *
 * @see YAML 1.2.2, Core schema: Tag resolution
 */
export function resolvePlain(text: string): unknown {
  const trimmed = text.trim();
  if (CORE_VALUES.has(trimmed)) return CORE_VALUES.get(trimmed);
  if (/^[-+]?[0-9]+$/.test(trimmed)) return Number(trimmed);
  if (/^0o[0-7]+$|^0x[0-9a-fA-F]+$/.test(trimmed)) return Number(trimmed);
  if (/^[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?$/.test(trimmed)) return Number(trimmed);
  const infinity = /^([-+]?)\.(?:inf|Inf|INF)$/.exec(trimmed);
  if (infinity !== null) return infinity[1] === "-" ? -Infinity : Infinity;
  return text;
}
