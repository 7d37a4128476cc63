import type { FemtoLogger } from "../../logger/logger.ts";
import { CONSOLE_CAPTURE_OPTIONS } from "../../options/bridge-options.ts";
import type { OptionsOf } from "../../options/infer.ts";
import { resolveOptions } from "../../options/validate.ts";
import { bridgeLogger } from "../bridge-loggers.ts";
import type { Capture } from "../capture.ts";
import { captureOnce } from "../capture-once.ts";
import { ConsolePatch } from "./console-patch.ts";

/** Options of `captureConsole`; CONFIG.md describes each. */
export type ConsoleCaptureOptions = OptionsOf<typeof CONSOLE_CAPTURE_OPTIONS>;

/**
 * Makes records of what is printed by the global console of this thread, from now on: the body is the text as `util.format` makes it, errors among
 * the arguments are `exception.*`, and the word of the method (`log`, `warn`) is the severity's. What is printed is unchanged, unless
 * `forward` is false. Consoles that the application has made itself are not captured, nor functions that it took off the console before
 * (`const { log } = console`). Capturing twice gives the first capture, and says so once.
 *
 * @throws {ConfigError} An option is wrong. Names all faults.
 * @throws {TypeError} The console is frozen.
 * @see WHATWG Console Standard, Printer: the words of severities
 */
export function captureConsole(options: ConsoleCaptureOptions = {}): Capture {
  const { forward, ...destination } = resolveOptions(CONSOLE_CAPTURE_OPTIONS, options, {
    action: "capture",
    subject: "the console",
  });
  return captureOnce("the console", () => {
    const logger: FemtoLogger = bridgeLogger(destination);
    const patch = new ConsolePatch(globalThis.console, { logger, forwards: forward });
    return () => patch.release();
  });
}
