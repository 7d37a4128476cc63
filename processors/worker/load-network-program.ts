import { runInThisContext } from "node:vm";
import { importModule } from "./import-module.ts";
import type { createNetworkPump } from "./network-registry.ts";

/** What the program of a network handler's thread offers to a thread that runs it itself. */
export interface NetworkProgram {
  readonly createNetworkPump: typeof createNetworkPump;
}

type Program = (
  exports: object,
  require: (id: string) => unknown,
  module: { exports: Partial<NetworkProgram> },
) => void;

/**
 * Runs the program of a network handler on this thread: for places without threads. The same text that a thread would get, so
 * that an application bundled into one file needs no HTTP client beside it.
 */
export function loadNetworkProgram(source: string): NetworkProgram {
  const program = runInThisContext(`(function (exports, require, module) {${source}\n})`, {
    filename: "femtologging-network.cjs",
  }) as Program;
  const module: { exports: Partial<NetworkProgram> } = { exports: {} };
  // The program is bundled: what it requires are Node's own modules.
  program(module.exports, (id) => process.getBuiltinModule(id), module);
  const { createNetworkPump: create } = module.exports as NetworkProgram;
  // The text has no place in the file system, and so may not import: modules of the application are imported from here.
  return { createNetworkPump: (arena, start, options) => create(arena, start, { importModule, ...options }) };
}
