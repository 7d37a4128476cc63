/** What a program leaves in `results/`, and under what circumstances it was measured. */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { cpus } from "node:os";
import { fileURLToPath } from "node:url";

import type { Reports } from "./evaluate.ts";

const RESULTS: string = fileURLToPath(new URL("results/", import.meta.url));
const PACKAGE: string = fileURLToPath(new URL("../package.json", import.meta.url));
/** Packages that take part; package.json pins their versions. */
const MEASURED =
  /^(?:pino|pino-opentelemetry-transport|winston|log4js|undici|protobufjs|@logtape\/.*|@grpc\/grpc-js|@opentelemetry\/(?:api|core|sdk-logs|exporter-logs-otlp-(?:proto|grpc)))$/;

interface Manifest {
  readonly version: string;
  readonly dependencies: Readonly<Record<string, string>>;
  readonly devDependencies: Readonly<Record<string, string>>;
}

/** Versions of Node, of this package, and of those it is compared with. */
export function versions(): Readonly<Record<string, string>> {
  const { version, dependencies, devDependencies } = JSON.parse(readFileSync(PACKAGE, "utf8")) as Manifest;
  const measured = Object.entries({ ...dependencies, ...devDependencies }).filter(([name]) =>
    MEASURED.test(name),
  );
  return { node: process.version.slice(1), femtologging: version, ...Object.fromEntries(measured) };
}

/** The processors, in words. */
export function machineText(): string {
  return `${cpus().length} x ${cpus()[0]?.model ?? "unknown"}`;
}

/**
 * Writes `content` with the time, the machine and the versions.
 *
 * @param place `prefix` begins the name of the file (empty for the main program); a smoke run always writes over the same file.
 * @returns The path.
 */
export function saveResults(
  place: { readonly prefix: string; readonly isSmoke: boolean },
  content: object,
): string {
  const time = new Date().toISOString();
  const path = `${RESULTS}${place.prefix}${place.isSmoke ? "smoke" : time.replaceAll(":", "-")}.json`;
  mkdirSync(RESULTS, { recursive: true });
  const machine = { cpu: cpus()[0]?.model ?? "unknown", cpuCount: cpus().length };
  const saved = { time, machine, versions: versions(), ...content };
  writeFileSync(path, `${JSON.stringify(saved, undefined, 1)}\n`);
  return path;
}

/** The settings of each case. */
export function settingsOf(reports: Reports): ReadonlyMap<string, string> {
  return new Map([...reports].map(([id, [report]]) => [id, report?.settings ?? ""]));
}

/** Prints with what versions and settings something was measured. */
export function printSettings(settings: ReadonlyMap<string, string>): void {
  const named = Object.entries(versions()).map(([name, version]) => `${name} ${version}`);
  console.log(`\nVersions: ${named.join(", ")}\nSettings:`);
  for (const [name, text] of settings) console.log(`  ${name}: ${text}`);
}
