import { join } from "node:path";
import { DEBUG_CAPTURE_OPTIONS, type DebugModule } from "../../options/bridge-options.ts";
import type { OptionsOf } from "../../options/infer.ts";
import { resolveOptions } from "../../options/validate.ts";
import { requiredCopies } from "../../system/package-copies.ts";
import { BridgeLoggers } from "../bridge-loggers.ts";
import type { Capture } from "../capture.ts";
import { captureOnce } from "../capture-once.ts";
import { DebugPatch } from "./debug-patch.ts";

/** Options of `captureDebug`; CONFIG.md describes each. */
export type DebugCaptureOptions = OptionsOf<typeof DEBUG_CAPTURE_OPTIONS>;

/** Where the package keeps what it exports, from version 2 on. */
const ENTRY = /[/\\]debug[/\\]src[/\\]index\.js$/;

/**
 * Makes records of what instances of the npm package `debug` (2 to 4) print, those made before included: namespaces are loggers
 * (`express:router` is `express.router`), at DEBUG. Only enabled namespaces print. Copies of the package that are loaded later are not captured: name each
 * with `debug`. Capturing twice gives the first capture, and says so once. This thread.
 *
 * @throws {ConfigError} An option is wrong. Names all faults.
 * @throws {TypeError} The application has no package `debug`.
 */
export function captureDebug(options: DebugCaptureOptions = {}): Capture {
  const { forward, level, debug, ...destination } = resolveOptions(DEBUG_CAPTURE_OPTIONS, options, {
    action: "capture",
    subject: "debug",
  });
  return captureOnce("debug", () => {
    const parts = { loggers: new BridgeLoggers(destination), forwards: forward, severity: level };
    const patches = copiesOf(debug).map((copy) => new DebugPatch(copy, parts));
    return () => {
      for (const patch of patches) patch.release();
    };
  });
}

function copiesOf(given: DebugModule | undefined): readonly DebugModule[] {
  if (given !== undefined) return [given];
  const loaded = loadedCopies();
  const copies = loaded.length > 0 ? loaded : [...new Set(requiredCopies("debug") as DebugModule[])];
  if (copies.length > 0) return copies;
  throw new TypeError(
    `Cannot capture debug: the package is installed neither where the application's main module is nor where it runs (${process.cwd()}); install it, or give what it exports as "debug"`,
  );
}

function loadedCopies(): readonly DebugModule[] {
  // Asked for by name: bundlers warn of what they cannot read.
  const { createRequire } = process.getBuiltinModule("node:module");
  const { cache } = createRequire(join(process.cwd(), "index.js"));
  return Object.values(cache).flatMap((module) =>
    module !== undefined && ENTRY.test(module.filename) ? [module.exports as DebugModule] : [],
  );
}
