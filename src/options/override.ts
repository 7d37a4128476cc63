import type { OptionDescription, OptionTable } from "./description.ts";
import type { Patched, TablePatch } from "./infer.ts";

/**
 * A copy of a table in which some options have another default, description or other environment variables, for a kind
 * of handler that differs. `environment: []` takes the variables away. Any thread.
 *
 * @returns The same options in the same order.
 */
export function overrideOptions<const T extends OptionTable>(table: T, patch: TablePatch<T>): Patched<T> {
  const changes = patch as Readonly<Record<string, Partial<OptionDescription> | undefined>>;
  const entries = Object.entries(table).map(([name, option]) => [name, { ...option, ...changes[name] }]);
  return Object.fromEntries(entries) as Patched<T>;
}
