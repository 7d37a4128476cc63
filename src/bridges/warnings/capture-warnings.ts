import { WARNINGS_CAPTURE_OPTIONS } from "../../options/bridge-options.ts";
import type { OptionsOf } from "../../options/infer.ts";
import { resolveOptions } from "../../options/validate.ts";
import { runOwnWork } from "../../own-work.ts";
import { LEVELS } from "../../record/severity.ts";
import type { FemtoLogger } from "../../logger/logger.ts";
import { bridgeLogger } from "../bridge-loggers.ts";
import type { Capture } from "../capture.ts";
import { captureOnce } from "../capture-once.ts";
import { makeRecord } from "../make-record.ts";

/** Options of `captureWarnings`; CONFIG.md describes each. */
export type WarningsCaptureOptions = OptionsOf<typeof WARNINGS_CAPTURE_OPTIONS>;

type Listener = (warning: Error) => void;

/** The name of the function by which Node prints warnings. */
const PRINTER_NAME = "onWarning";

/**
 * Makes records of warnings of the process, deprecations included, at WARN: `exception.*` are the warning's kind, text and
 * stack, `warning.code` and `warning.detail` what it has besides. Node prints them as before, unless `forward` is false. What is silenced
 * by `--no-deprecation` is none; what `--no-warnings` does not print is. Capturing twice gives the first capture, and says so once. This thread.
 *
 * @throws {ConfigError} An option is wrong. Names all faults.
 */
export function captureWarnings(options: WarningsCaptureOptions = {}): Capture {
  const { forward, ...destination } = resolveOptions(WARNINGS_CAPTURE_OPTIONS, options, {
    action: "capture",
    subject: "process warnings",
  });
  return captureOnce("process warnings", () => {
    const logger = bridgeLogger(destination);
    const restore = replacePrinter(forward);
    const listener = (warning: unknown): void => {
      // A filter that warns of something would be warned of it for ever: what it sets off is ours.
      makeRecord("process warnings", () => runOwnWork(() => logWarning(logger, warning)));
    };
    process.on("warning", listener);
    return () => {
      process.off("warning", listener);
      restore();
    };
  });
}

/**
 * Node prints by the console: where that is captured, a warning would be two records. So its printer is ours to call, or is not called.
 *
 * @returns Puts it back where it was: before all others.
 */
function replacePrinter(forwards: boolean): () => void {
  const isPrinter = ({ name }: Listener): boolean => name === PRINTER_NAME;
  const printers = (process.listeners("warning") as Listener[]).filter(isPrinter);
  const replacements = forwards ? printers.map(uncaptured) : [];
  exchange(printers, replacements);
  return () => exchange(replacements, printers);
}

function uncaptured(print: Listener): Listener {
  const printUncaptured = (warning: Error): void => runOwnWork(() => print.call(process, warning));
  // Others look for Node's printer by its name.
  return Object.defineProperty(printUncaptured, "name", { value: PRINTER_NAME });
}

function exchange(present: readonly Listener[], next: readonly Listener[]): void {
  for (const listener of present) process.off("warning", listener);
  for (const listener of next.toReversed()) process.prependListener("warning", listener);
}

function logWarning(logger: FemtoLogger, warning: unknown): void {
  const { name, message, code, detail } = readWarning(warning);
  logger.emit({
    severityNumber: LEVELS.WARN,
    severityText: name,
    body: message,
    attributes: {
      ...(code === undefined ? {} : { "warning.code": code }),
      ...(detail === undefined ? {} : { "warning.detail": detail }),
    },
    exception: warning,
  });
}

interface ReadWarning {
  readonly name: string;
  readonly message: unknown;
  readonly code?: unknown;
  readonly detail?: unknown;
}

/** Anybody may emit the event, with anything. */
function readWarning(warning: unknown): ReadWarning {
  try {
    const { name, message, code, detail } = warning as Error & ReadWarning;
    if (typeof name === "string") return { name, message, code, detail };
  } catch {
    // What cannot be read is described by `exception.*`.
  }
  return { name: "Warning", message: warning };
}
