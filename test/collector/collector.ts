/** Collectors for the length of a test, and what they have written. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { inject, onTestFinished } from "vitest";

import type { Certificate } from "../receiver/certificate.ts";
import { Otelcol, type OtelcolOptions } from "../../examples/shop/otelcol.ts";

/** A file of examples/collector. */
export function examplePath(name: string): string {
  return fileURLToPath(new URL(`../../examples/collector/${name}`, import.meta.url));
}

/** A folder that is there until the test has ended. */
export function makeFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "femto-collector-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Starts a collector that is gone at the end of the test. */
export async function startOtelcol(options: Omit<OtelcolOptions, "program">): Promise<Otelcol> {
  const collector = await Otelcol.start({ program: inject("otelcol"), ...options });
  onTestFinished(() => collector.kill());
  return collector;
}

/** What a collector writes to: by default a file of the test's own. */
export interface LocalOptions {
  /** Where records go, a request a line. */
  readonly path: string;
  /** Where it listens: `127.0.0.1:0`, a free port, unless an earlier collector is to be replaced. */
  readonly httpEndpoint?: string;
  readonly grpcEndpoint?: string;
  readonly settings?: Readonly<Record<string, string>>;
}

/** Starts the collector of examples/collector/local.yaml on free ports of the loopback. */
export async function startLocal(options: LocalOptions): Promise<Otelcol> {
  const { path, httpEndpoint = "127.0.0.1:0", grpcEndpoint = "127.0.0.1:0", settings = {} } = options;
  return startOtelcol({
    configs: [examplePath("local.yaml")],
    settings: {
      "exporters.file.path": path,
      "receivers.otlp.protocols.http.endpoint": httpEndpoint,
      "receivers.otlp.protocols.grpc.endpoint": grpcEndpoint,
      ...settings,
    },
  });
}

/**
 * Settings of a receiver that speaks TLS.
 *
 * @param clientCa What certificates of clients must be signed with; without it clients need none.
 */
export function tlsSettings(folder: string, own: Certificate, clientCa?: string): Record<string, string> {
  const pems = { cert_file: own.cert, key_file: own.key, ...(clientCa && { client_ca_file: clientCa }) };
  const settings: Record<string, string> = {};
  for (const [name, pem] of Object.entries(pems)) {
    const path = join(folder, name);
    writeFileSync(path, pem);
    for (const protocol of ["http", "grpc"])
      settings[`receivers.otlp.protocols.${protocol}.tls.${name}`] = path;
  }
  return settings;
}

/** A record as the collector wrote it, in the words of OTLP's JSON, with what stood around it. */
export interface WrittenRecord {
  readonly record: Readonly<Record<string, unknown>>;
  /** With `schemaUrl` of the ScopeLogs, where it has one. */
  readonly scope: unknown;
  readonly scopeSchemaUrl: unknown;
  readonly resource: unknown;
  readonly resourceSchemaUrl: unknown;
}

interface WrittenLine {
  readonly resourceLogs: readonly {
    readonly resource: unknown;
    readonly schemaUrl?: string;
    readonly scopeLogs: readonly {
      readonly scope: unknown;
      readonly schemaUrl?: string;
      readonly logRecords: readonly Readonly<Record<string, unknown>>[];
    }[];
  }[];
}

/** All records of a file that a collector has written and closed. @throws {SyntaxError} A line is no JSON. */
export function writtenRecords(path: string): WrittenRecord[] {
  return wholeLines(readFileSync(path, "utf8")).flatMap(recordsOfLine);
}

/** Without the last one where it has no end: a collector that was killed had not answered for it. */
function wholeLines(text: string): string[] {
  return text.split("\n").slice(0, -1);
}

function recordsOfLine(line: string): WrittenRecord[] {
  const { resourceLogs } = JSON.parse(line) as WrittenLine;
  return resourceLogs.flatMap(({ resource, schemaUrl: resourceSchemaUrl, scopeLogs }) =>
    scopeLogs.flatMap(({ scope, schemaUrl: scopeSchemaUrl, logRecords }) =>
      logRecords.map((record) => ({ record, scope, scopeSchemaUrl, resource, resourceSchemaUrl })),
    ),
  );
}

/** The attribute `i` of each record, by which tests number them; records without it are the handler's own. */
export function writtenNumbers(records: readonly WrittenRecord[]): number[] {
  return records.map(numberOf).filter((number) => number !== undefined);
}

function numberOf({ record }: WrittenRecord): number | undefined {
  const attributes = (record["attributes"] ?? []) as readonly WrittenAttribute[];
  const text = attributes.find(({ key }) => key === "i")?.value.intValue;
  return text === undefined ? undefined : Number(text);
}

interface WrittenAttribute {
  readonly key: string;
  readonly value: { readonly intValue?: string };
}
