import { createRequire } from "node:module";
import type * as Bridges from "../bridges/index.ts";
import type * as Pino from "../bridges/pino/index.ts";
import type * as Winston from "../bridges/winston/index.ts";
import type { CaptureKinds } from "./captures.ts";

/**
 * Loads an entry point of this package when somebody wants it: a bridge may need the library that it bridges. By `require`, since the
 * application starts right afterwards.
 */
const load = createRequire(import.meta.url);

const bridges = (): typeof Bridges => load("femtologging/bridges") as typeof Bridges;

/** The sources that FEMTO_CAPTURE and `capture` of FEMTO_CONFIG can name (docs/zero-code.md). */
export const CAPTURE_KINDS: CaptureKinds = {
  console: () => bridges().captureConsole(),
  debug: () => bridges().captureDebug(),
  debuglog: () => bridges().captureDebuglog(),
  pino: () => (load("femtologging/pino") as typeof Pino).capturePino(),
  uncaught: () => bridges().captureUncaught(),
  warnings: () => bridges().captureWarnings(),
  winston: () => (load("femtologging/winston") as typeof Winston).captureWinston(),
};
