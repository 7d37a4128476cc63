/** Gives the path of a file that is put away, out of the one it would have. */
export type NamerFunction = (defaultPath: string) => string;

/** Moves a full file to where it is kept. Synchronous; throws where it cannot. */
export type RotatorFunction = (sourcePath: string, destinationPath: string) => void;

/** A module that exports the function, loaded by the thread that writes. */
export interface HookModuleReference {
  /** Absolute path, or `file:` URL. */
  readonly module: string | URL;
}

/** @returns Whether `value` can be a `namer` or `rotator`. A module is not loaded for that. Any thread. */
export function isHook(value: unknown): boolean {
  if (typeof value === "function") return true;
  if (typeof value !== "object" || value === null || !("module" in value)) return false;
  const { module } = value;
  if (module instanceof URL) return module.protocol === "file:";
  return typeof module === "string" && (module.startsWith("file:") || module.startsWith("/"));
}
