import { resolve } from "node:path";

import { headersOf } from "../../processors/worker/headers-module.ts";
import { reportTrouble } from "../../src/diagnostics.ts";
import { ExportError } from "../../src/errors.ts";
import { otlpHttpDescriptorOf } from "../../src/handlers/otlp-http-choice.ts";
import type { OptionsOf, ResolvedOf } from "../../src/options/infer.ts";
import { REPLAY_OPTIONS } from "../../src/options/replay-options.ts";
import { resolveOptions } from "../../src/options/validate.ts";
import type { BatchSender, SendOutcome } from "../sender.ts";
import { inputBytes } from "./input-bytes.ts";
import { inputLines, type InputLine } from "./input-lines.ts";
import { readLogsLine, requestOf, type LogsLine } from "./logs-line.ts";

/** How far a replay has come. Nothing before `nextOffset` is unaccounted for: each line is in one of the counts. */
export interface OtlpReplayProgress {
  /** Where to go on: bytes of the unpacked file whose lines are answered for or skipped. */
  readonly nextOffset: number;
  /** Lines that were answered for or skipped; empty ones are not counted. */
  readonly lineCount: number;
  /** Of these the ones that are no log records in OTLP JSON, or too long. */
  readonly skippedLineCount: number;
  /** Records that the peer took. */
  readonly deliveredCount: number;
  /** Records that the peer refused: sending them again would change nothing. */
  readonly rejectedCount: number;
  /** Requests that were answered. */
  readonly requestCount: number;
}

/** What a replay has come to. */
export interface OtlpReplayResult extends OtlpReplayProgress {
  /** Whether the end of the file was reached. */
  readonly isComplete: boolean;
  /** Bytes behind the last whole line: what a writer that was killed has left, or one at work has not finished. Not sent. */
  readonly tornByteCount: number;
  /** Why the replay has stopped before the end: an `ExportError` of the peer, what the file gave, or the signal's reason. */
  readonly error: unknown;
}

type Resolved = ResolvedOf<typeof REPLAY_OPTIONS>;

/** Options of `replayOtlpFile()`; CONFIG.md describes each. */
export type OtlpReplayOptions = Omit<OptionsOf<typeof REPLAY_OPTIONS>, "onProgress"> & {
  readonly onProgress?: (progress: OtlpReplayProgress) => void;
};

/** The same bytes sent again would be refused again. */
const REFUSED: ReadonlySet<string | undefined> = new Set(["400", "413", "422"]);
const TROUBLE_KIND = "replay";

/**
 * Sends the records of a file of OTLP JSON lines to a collector, as OTLP over HTTP in JSON: what `FemtoOtlpFileHandler`, the
 * Collector's file exporter and others write, also packed by gzip or zstd. On the thread that calls it, one request after
 * the other, in the order of the file; memory does not grow with the file. Values go as they stand in the file, digit by digit.
 *
 * Lines that are no log records are skipped, counted and reported. What the peer refuses for good is sent line by line, and
 * counted; what it cannot take for other reasons stops the replay once `retryTimeoutMillis` is over, to go on at
 * `nextOffset` another time. A request whose answer was lost is sent again, so a peer may have records twice.
 *
 * @returns What became of the lines. `isComplete` is false, and `error` says why, where the replay had to stop.
 * @throws {ConfigError} An option is wrong. @throws {RangeError} The file ends before `offset`, or no line begins there.
 * @throws {Error} The file cannot be opened.
 * @see OpenTelemetry Protocol File Exporter; OTLP 1.11.0, OTLP/HTTP
 */
export async function replayOtlpFile(
  path: string,
  options: OtlpReplayOptions = {},
): Promise<OtlpReplayResult> {
  const subject = `replay of "${path}"`;
  const resolved = resolveOptions(REPLAY_OPTIONS, options, { subject });
  const report = resolved.report ?? ((trouble: string): void => reportTrouble(TROUBLE_KIND, trouble));
  // Loaded when it is used: who imports other exporters should not wait for an HTTP client.
  const { createOtlpHttpSender } = await import("../otlp-http/sender.ts");
  const descriptor = otlpHttpDescriptorOf(
    { ...resolved, protocol: "http/json", maxConcurrentRequests: 1 },
    subject,
  );
  const sender = createOtlpHttpSender({ ...descriptor, ...headersOf(descriptor, {}), report });
  const { onProgress } = options;
  return new Replay({ path: resolve(path), options: resolved, sender, report, onProgress }).run();
}

interface ReplayParts {
  /** Absolute. */
  readonly path: string;
  readonly options: Resolved;
  readonly sender: BatchSender;
  readonly report: (trouble: string) => void;
  readonly onProgress: ((progress: OtlpReplayProgress) => void) | undefined;
}

/** One replay, while it runs. */
class Replay {
  readonly #path: string;
  readonly #options: Resolved;
  readonly #onProgress: ((progress: OtlpReplayProgress) => void) | undefined;
  readonly #report: (trouble: string) => void;
  readonly #sender: BatchSender;
  readonly #signal: AbortSignal;
  #progress: OtlpReplayProgress;
  /** Lines of the next request. */
  #lines: LogsLine[] = [];
  #waitingBytes = 0;
  #tornByteCount = 0;

  constructor({ path, options, sender, report, onProgress }: ReplayParts) {
    this.#path = path;
    this.#options = options;
    this.#sender = sender;
    this.#report = report;
    this.#onProgress = onProgress;
    this.#signal = options.signal ?? new AbortController().signal;
    this.#progress = {
      nextOffset: options.offset,
      lineCount: 0,
      skippedLineCount: 0,
      deliveredCount: 0,
      rejectedCount: 0,
      requestCount: 0,
    };
  }

  async run(): Promise<OtlpReplayResult> {
    const { offset } = this.#options;
    // The byte before tells whether a line begins there.
    const chunks = inputBytes(this.#path, Math.max(0, offset - 1));
    const lines = inputLines(offset === 0 ? chunks : afterLineEnd(chunks, this.#path, offset), {
      startAt: offset,
      lineBytesMax: this.#options.lineBytesMax,
    });
    // A file that cannot be opened is the caller's mistake, what goes wrong later is the replay's.
    let next = await lines.next();
    try {
      for (; next.done !== true; next = await lines.next()) await this.#take(next.value);
      await this.#sendWaiting();
      return this.#resultOf(true, undefined);
    } catch (error) {
      return this.#resultOf(false, error);
    } finally {
      await lines.return(undefined);
      await this.#sender.close();
    }
  }

  #resultOf(isComplete: boolean, error: unknown): OtlpReplayResult {
    return { ...this.#progress, isComplete, tornByteCount: this.#tornByteCount, error };
  }

  async #take(line: InputLine): Promise<void> {
    this.#signal.throwIfAborted();
    const { bytes } = line;
    if (bytes === undefined)
      return this.#skip(line, `it is longer than ${this.#options.lineBytesMax} bytes ("lineBytesMax")`);
    if (isBlank(bytes)) return this.#pass(line);
    const read = readLogsLine(bytes, line);
    if (!("fault" in read)) return this.#add(read);
    if (line.isEnded) return this.#skip(line, read.fault);
    await this.#sendWaiting();
    this.#tornByteCount = bytes.length;
    this.#report(
      `Read ${this.#placeOf(line)} as torn: its last ${bytes.length} bytes are not a whole line; they are not sent`,
    );
  }

  async #add(line: LogsLine): Promise<void> {
    const { maxExportBatchBytes } = this.#options;
    const isFull = this.#waitingBytes + line.bytes.length > maxExportBatchBytes;
    const [first] = this.#lines;
    if (first !== undefined && (isFull || !first.isPlainList || !line.isPlainList)) await this.#sendWaiting();
    this.#lines.push(line);
    this.#waitingBytes += line.bytes.length;
  }

  async #skip(line: InputLine, fault: string): Promise<void> {
    await this.#sendWaiting();
    this.#report(`Cannot replay ${this.#placeOf(line)}: ${fault}; the line is skipped`);
    const { lineCount, skippedLineCount } = this.#progress;
    this.#advance({
      nextOffset: line.endAt,
      lineCount: lineCount + 1,
      skippedLineCount: skippedLineCount + 1,
    });
  }

  /** Goes over an empty line. */
  #pass({ endAt }: InputLine): void {
    if (this.#lines.length === 0) this.#progress = { ...this.#progress, nextOffset: endAt };
  }

  async #sendWaiting(): Promise<void> {
    const lines = this.#lines;
    if (lines.length === 0) return;
    this.#lines = [];
    this.#waitingBytes = 0;
    const outcome = await this.#send(lines);
    if (lines.length > 1 && REFUSED.has(outcome.reason)) {
      // One of them may be what the peer refuses.
      for (const line of lines) this.#settle([line], await this.#send([line]));
    } else {
      this.#settle(lines, outcome);
    }
  }

  async #send(lines: readonly LogsLine[]): Promise<SendOutcome> {
    this.#signal.throwIfAborted();
    const recordCount = lines.reduce((sum, line) => sum + line.recordCount, 0);
    if (recordCount === 0)
      return { delivered: 0, rejected: 0, failed: 0, reason: undefined, error: undefined };
    return this.#sender.send(requestOf(lines), { recordCount, signal: this.#signal });
  }

  /** Counts what was answered. @throws {ExportError} The peer can not be reached, or will not have us: nothing is counted then. */
  #settle(lines: readonly LogsLine[], outcome: SendOutcome): void {
    const [first] = lines;
    const last = lines.at(-1);
    if (first === undefined || last === undefined) return;
    const isRefused = REFUSED.has(outcome.reason);
    if (outcome.failed > 0 && !isRefused) throw this.#stopped(first, outcome);
    if (outcome.error !== undefined) {
      const account = isRefused ? `; ${outcome.failed} records counted as rejected` : "";
      this.#report(`Cannot replay all of ${this.#placeOf(first)}: ${outcome.error.message}${account}`);
    }
    const { lineCount, deliveredCount, rejectedCount, requestCount } = this.#progress;
    this.#advance({
      nextOffset: last.endAt,
      lineCount: lineCount + lines.length,
      deliveredCount: deliveredCount + outcome.delivered,
      rejectedCount: rejectedCount + outcome.rejected + outcome.failed,
      requestCount: requestCount + 1,
    });
  }

  #stopped(line: LogsLine, { failed, reason, error }: SendOutcome): unknown {
    if (this.#signal.aborted) return this.#signal.reason;
    const retryable = error instanceof ExportError && error.retryable;
    return new ExportError(
      `Cannot replay ${this.#placeOf(line)}: ${failed} records were not taken (${reason}); go on with "offset" ${line.startAt} when the cause is mended`,
      { retryable, cause: error },
    );
  }

  #placeOf({ startAt }: { readonly startAt: number }): string {
    return `"${this.#path}" from byte ${startAt} on`;
  }

  #advance(change: Partial<OtlpReplayProgress>): void {
    this.#progress = { ...this.#progress, ...change };
    this.#onProgress?.(this.#progress);
  }
}

const LINE_FEED = 10;

/**
 * The bytes behind the first one. A line must begin or end there: a last line may have been sent before its end was written.
 * @throws {RangeError} There is none, or no line begins there.
 */
async function* afterLineEnd(
  chunks: AsyncIterable<Buffer>,
  path: string,
  offset: number,
): AsyncGenerator<Buffer> {
  let head = Buffer.alloc(0);
  for await (const chunk of chunks) {
    if (head.length >= 2) {
      yield chunk;
      continue;
    }
    head = Buffer.concat([head, chunk]);
    if (head.length < 2) continue;
    if (head[0] !== LINE_FEED && head[1] !== LINE_FEED)
      throw offsetError(path, offset, "no line begins there");
    yield head.subarray(1);
  }
  if (head.length === 0) throw offsetError(path, offset, "the file ends before");
}

function offsetError(path: string, offset: number, why: string): RangeError {
  return new RangeError(
    `Cannot replay "${path}" from byte ${offset} on ("offset"): ${why}; give the "nextOffset" of a replay of this file`,
  );
}

function isBlank(bytes: Buffer): boolean {
  return bytes.every((byte) => byte === 32 || byte === 9 || byte === 13);
}
