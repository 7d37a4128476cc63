import { logs } from "@opentelemetry/api";
import { OTLPLogExporter } from "@opentelemetry/exporter-logs-otlp-proto";
import * as sdk from "@opentelemetry/sdk-logs";
import { afterEach, describe, test } from "vitest";
import * as femtologging from "../../src/index.ts";
import { OtlpReceiver } from "../../src/receiver/index.ts";
import { compareSides, type Seen } from "./compare.ts";
import { bankError, runCode, seenOf } from "./our-side.ts";
import { readPage } from "./page.ts";

const { theirSetup, ourSetup, rows } = readPage("migration-from-otel-sdk.md");

/** Runs one side, with an exporter and a receiver of its own. @returns What came to either. */
async function run(setup: string, code: string): Promise<readonly Seen[]> {
  const receiver = await OtlpReceiver.start();
  const records: sdk.ReadableLogRecord[] = [];
  const done = (): Promise<void> => Promise.resolve();
  const exporter: sdk.LogRecordExporter = {
    export: (batch, onResult) => {
      records.push(...batch);
      onResult({ code: 0 });
    },
    forceFlush: done,
    shutdown: done,
  };
  const names = { ...sdk, ...femtologging, logs, OTLPLogExporter, error: bankError(), url: receiver.url };
  const end = "for (const processor of processors) await processor.shutdown();";
  await runCode(`${setup}\n${code}\n${end}`, { ...names, exporter });
  await receiver.stop();
  return [...records.map(seenOf), ...receiver.records.map(receivedOf)];
}

type Received = OtlpReceiver["records"][number];

function receivedOf({ severityNumber, body, attributes, scope }: Received): Seen {
  const own = [...attributes].map(([key, value]) => [key, typeof value === "bigint" ? Number(value) : value]);
  return {
    level: severityNumber,
    message: body,
    attributes: Object.fromEntries(own) as Record<string, unknown>,
    logger: scope.name,
  };
}

afterEach(() => {
  logs.disable();
});

describe("docs/migration-from-otel-sdk.md", () => {
  for (const row of rows) {
    test(`${row.section}: ${row.theirs} / ${row.ours}`, async () => {
      const theirs = await run(theirSetup, row.theirs);
      logs.disable();
      compareSides(row, theirs, await run(ourSetup, row.ours));
    });
  }
});
