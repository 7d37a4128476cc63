import type { LogRecordExporter } from "@opentelemetry/sdk-logs";

import { ExportError } from "../../src/errors.ts";

/** Is told what came of an export. */
export type ResultCallback = Parameters<LogRecordExporter["export"]>[1];

/** What came of an export. `ExportResultCode` is an enum of a package that is not loaded for two numbers. */
export type ExportResult = Parameters<ResultCallback>[0];

export const SUCCEEDED: ExportResult = { code: 0 };

/** What handlers do with records that they give up; who calls an exporter is told and decides. */
const ACCOUNT = /; (?:\d+ records? |it is )?counted as export_failed$/;

/** The result of an export that has failed. Its error says nothing of counters, which an exporter does not have. */
export function failedWith(cause: unknown): ExportResult {
  const error = cause instanceof Error ? cause : new Error(String(cause));
  return { code: 1, error: ACCOUNT.test(error.message) ? withoutAccount(error) : error };
}

/** A message without what it says of counters. */
export function plainMessage(error: Error): string {
  return error.message.replace(ACCOUNT, "");
}

function withoutAccount(error: Error): Error {
  const retryable = error instanceof ExportError && error.retryable;
  return new ExportError(plainMessage(error), { retryable, cause: error.cause ?? error });
}

/** `1 record`, `12 records`; of more than that `3 of 12 records`. */
export function countOf(count: number, total: number = count): string {
  const records = total === 1 ? "1 record" : `${total} records`;
  return count === total ? records : `${count} of ${records}`;
}
