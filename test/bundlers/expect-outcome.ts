/** What every run of the application has to leave, however it was bundled. */
import { expect } from "vitest";
import { DESTINATIONS, MESSAGES, type Outcome } from "./run-bundle.ts";

/** Fails where a record is missing, twice or somewhere else. */
export function expectOutcome({ received, warnings, processLog, result, stderr }: Outcome): void {
  expect(Object.keys(received).toSorted()).toEqual(DESTINATIONS);
  for (const name of DESTINATIONS) expect(received[name], name).toEqual(MESSAGES);
  expect(warnings).toEqual([
    "ERROR shop.orders Order 0 is lost",
    "WARNING library.early Cache is full",
    "WARNING library Cache is full",
    "WARNING library.older Cache is full",
    "ERROR shop.orders Goodbye",
  ]);
  expect(processLog).toBe("WARNING process Disk sda is full\n");
  // The last record is logged after this was written.
  const count = MESSAGES.length - 1;
  expect(result).toEqual({ api: true, apiLogs: true, exported: count, lines: count, fault: "ConfigError" });
  // A function of the application as formatter is told of; nothing else is.
  expect(stderr).toMatch(
    /^femtologging: Handler "\S+" formats and writes on the application's thread: [^\n]*\n$/,
  );
}
