import { reportOnce } from "../diagnostics.ts";
import { watchOwnWork } from "../own-work.ts";
import type { Capture } from "./capture.ts";

/** What is being captured on this thread, by what it is. */
const captures = new Map<string, Capture>();

/**
 * Begins a capture, unless it has begun already: then that one is returned, which is said once.
 *
 * @param subject What is captured, as errors say it: `the console`.
 * @param start Begins it, and returns what ends it.
 * @throws What `start` throws.
 */
export function captureOnce(subject: string, start: () => () => void): Capture {
  const running = captures.get(subject);
  if (running !== undefined) {
    reportOnce(
      `capture ${subject}`,
      `Cannot capture ${subject} a second time: the options of the first time hold; call release() of that capture to begin anew`,
    );
    return running;
  }
  watchOwnWork();
  const end = start();
  const release = (): void => {
    if (captures.get(subject) !== capture) return;
    captures.delete(subject);
    end();
  };
  const capture: Capture = { release, [Symbol.dispose]: release };
  captures.set(subject, capture);
  return capture;
}
