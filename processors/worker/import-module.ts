import { fileURLToPath } from "node:url";
import { isMainThread } from "node:worker_threads";

/**
 * Imports a module of the application by its URL. Bundlers leave it alone: it is a file then as it is now. Any thread.
 *
 * @throws What the module throws, or why it cannot be loaded; on the main thread of a single executable application also
 * that it has a top-level `await`, or is no file.
 */
export async function importModule(url: string): Promise<unknown> {
  if (!url.startsWith("file:") || !isMainOfExecutable())
    return import(/* webpackIgnore: true */ /* @vite-ignore */ url);
  // What is inside of the executable can import Node's own modules only.
  const { createRequire } = process.getBuiltinModule("node:module");
  return createRequire(url)(fileURLToPath(url)) as unknown;
}

function isMainOfExecutable(): boolean {
  return isMainThread && process.getBuiltinModule("node:sea").isSea();
}
