// What a bridge logs may write to what a bridge captures: a handler whose trouble is told on the console, a diagnostic of
// OpenTelemetry. Nothing that happens while a record is being captured is captured itself, and neither is what exporters of the application do
// with it later.

import { isOwnWork } from "../own-work.ts";

const GUARD_KEY = Symbol.for("femtologging.capture.1");

/** One for all copies of this module on a thread. */
const holder = globalThis as { [GUARD_KEY]?: { isCapturing: boolean } };
const guard: { isCapturing: boolean } = (holder[GUARD_KEY] ??= { isCapturing: false });

/** Whether the caller is somebody else: neither a capture on this thread nor what a record has set off. */
export function mayCapture(): boolean {
  return !guard.isCapturing && !isOwnWork();
}

/**
 * Runs the synchronous work of a capture, unless this thread is in the middle of one, or in work of our own.
 *
 * @returns Whether it ran.
 * @throws What `run` throws.
 */
export function runCapture(run: () => void): boolean {
  if (!mayCapture()) return false;
  guard.isCapturing = true;
  try {
    run();
  } finally {
    guard.isCapturing = false;
  }
  return true;
}
