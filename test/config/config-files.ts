/** Configurations as they stand in files. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";

import { readConfigFile, type FileReading } from "../../src/config/read-config-file.ts";
import type { PlanReading } from "../../src/config/logging-plan.ts";
import { describeProblem } from "../../src/errors.ts";
import type { Environment } from "../../src/options/description.ts";

/** A folder that is removed after the test. */
export function makeFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "femtologging-config-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Reads a text as the file of a configuration. */
export function readText(text: string, environment: Environment = {}): FileReading {
  const path = join(makeFolder(), "config.yaml");
  writeFileSync(path, text);
  return readConfigFile(path, environment);
}

/** The data of a file that is right. */
export function dataOf(text: string, environment: Environment = {}): unknown {
  const reading = readText(text, environment);
  if (!reading.ok) throw new Error(`Cannot read: ${linesOf(reading).join("; ")}`);
  return reading.value;
}

/** The faults, as they are told. */
export function linesOf(reading: FileReading | PlanReading): string[] {
  return reading.ok ? [] : reading.problems.map(describeProblem);
}
