import type { LogRecordExporter, ReadableLogRecord } from "@opentelemetry/sdk-logs";

import { reportTrouble } from "../../src/diagnostics.ts";
import { ExportError } from "../../src/errors.ts";
import type { OptionsOf } from "../../src/options/infer.ts";
import { SOCKET_EXPORTER_OPTIONS } from "../../src/options/socket-options.ts";
import { resolveOptions } from "../../src/options/validate.ts";
import type { BatchSender } from "../sender.ts";
import { checkTarget } from "./options.ts";
import { RecordObjects } from "./record-objects.ts";
import { createSocketSender } from "./sender.ts";
import { SocketRenderer } from "./socket-renderer.ts";

/** Options of `FemtoSocketExporter`; CONFIG.md describes each. */
export type SocketExporterOptions = OptionsOf<typeof SOCKET_EXPORTER_OPTIONS>;

type ResultCallback = Parameters<LogRecordExporter["export"]>[1];
type ExportResult = Parameters<ResultCallback>[0];

const SUCCESS = 0;
const FAILED = 1;
const SUBJECT = "socket exporter";

/**
 * Sends records as `FemtoSocketHandler` does, for the processors of the OpenTelemetry SDK: on the thread that calls it, over
 * one connection, one export after the other.
 */
export class FemtoSocketExporter implements LogRecordExporter {
  readonly #sender: BatchSender;
  readonly #renderer: SocketRenderer;
  readonly #objects = new RecordObjects();
  readonly #peer: string;
  readonly #over = new AbortController();
  #last: Promise<unknown> = Promise.resolve();

  /** @throws {ConfigError} An option is wrong, or a certificate cannot be read. Names all faults. */
  constructor(options: SocketExporterOptions = {}) {
    const resolved = resolveOptions(SOCKET_EXPORTER_OPTIONS, options, { subject: SUBJECT });
    const { peer, ...target } = checkTarget(resolved, SUBJECT);
    const report = (trouble: string): void => reportTrouble(`${SUBJECT} ${peer}`, trouble);
    this.#peer = peer;
    this.#sender = createSocketSender({ ...resolved, ...target, report });
    this.#renderer = new SocketRenderer({ ...resolved, report });
  }

  /** Sends the records; answers when the system has taken all of them, or they were given up. Never throws. */
  export(logs: ReadableLogRecord[], resultCallback: ResultCallback): void {
    this.#last = this.#last
      .then(() => this.#export(logs))
      .then(resultCallback)
      // A caller whose callback throws must not end the exports of all others.
      .catch((error: unknown) => reportTrouble(SUBJECT, `Cannot answer an export: ${String(error)}`));
  }

  /** Resolves when all exports so far have been answered. */
  async forceFlush(): Promise<void> {
    await this.#last;
  }

  /** Gives up what is still being sent, and ends the connection. Later exports fail. */
  async shutdown(): Promise<void> {
    this.#over.abort();
    await this.#sender.close();
    await this.#last;
  }

  async #export(logs: readonly ReadableLogRecord[]): Promise<ExportResult> {
    const refusals = logs.flatMap((log) => this.#add(log));
    const recordCount = logs.length - refusals.length;
    const bytes = this.#renderer.finish();
    if (recordCount > 0) {
      const { error } = await this.#sender.send(bytes, { recordCount, signal: this.#over.signal });
      if (error !== undefined) return { code: FAILED, error };
    }
    const [cause] = refusals;
    if (cause === undefined) return { code: SUCCESS };
    const message = `Cannot send ${refusals.length} of ${logs.length} records to ${this.#peer}: ${cause.message}`;
    return { code: FAILED, error: new ExportError(message, { retryable: false, cause }) };
  }

  /** Takes a record into the batch, or says why not. */
  #add(log: ReadableLogRecord): Error[] {
    try {
      this.#renderer.add(this.#objects.cursorOf(log));
      return [];
    } catch (error) {
      return [error instanceof Error ? error : new Error(String(error))];
    }
  }
}
