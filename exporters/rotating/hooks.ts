import { fileURLToPath } from "node:url";
import type { HookModule } from "./options.ts";

/**
 * The function of a hook: itself, or loaded from its module (the export of that name, or the default one). Any thread.
 *
 * @throws {TypeError} The module has no such function. @throws {Error} It cannot be loaded.
 */
export function loadHook<F extends (...args: never[]) => unknown>(
  hook: F | HookModule | undefined,
  name: "namer" | "rotator",
): F | undefined {
  if (hook === undefined || typeof hook === "function") return hook;
  // Asked for by name: what is imported, bundlers follow, and a module of the application is none of theirs.
  const { createRequire } = process.getBuiltinModule("node:module");
  const loaded = createRequire(hook.module)(fileURLToPath(hook.module)) as Readonly<Record<string, unknown>>;
  const found = typeof loaded === "function" ? loaded : (loaded[name] ?? loaded["default"]);
  if (typeof found !== "function") {
    throw new TypeError(
      `Cannot use module "${hook.module}": it exports neither "${name}" nor a default; export a function`,
    );
  }
  return found as F;
}
