import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { ConfigError, type FemtoHandler, setTroubleListener } from "../../src/index.ts";

/** A folder that is there until the test has ended. */
export function makeFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "femto-handlers-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Ends the handler with the test, whatever its destination does. */
export function endWithTest<Handler extends FemtoHandler>(handler: Handler): Handler {
  onTestFinished(() => handler.shutdown({ timeoutMillis: 200 }).catch(() => {}));
  return handler;
}

/** What is said of trouble until the test has ended. */
export function troublesOfTest(): string[] {
  const troubles: string[] = [];
  const previous = setTroubleListener(({ message }) => troubles.push(message));
  onTestFinished(() => {
    setTroubleListener(previous);
  });
  return troubles;
}

/** The `msg` of each line of a file of JSON lines. */
export function messagesIn(path: string): string[] {
  return messagesOf(readFileSync(path, "utf8"));
}

/** The `msg` of each line. @throws {Error} A line is not whole. */
export function messagesOf(text: string): string[] {
  const lines = text.split("\n");
  const rest = lines.pop();
  if (rest !== "") throw new Error(`The last line has no end: ${rest}`);
  return lines.map((line) => (JSON.parse(line) as { readonly msg: string }).msg);
}

/** The text of the ConfigError that `make` throws. */
export function configErrorOf(make: () => unknown): string {
  try {
    make();
  } catch (error) {
    if (error instanceof ConfigError) return error.message;
    throw error;
  }
  throw new Error("Nothing was wrong with the options");
}
