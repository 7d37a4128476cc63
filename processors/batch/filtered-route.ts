import type { Context } from "@opentelemetry/api";
import { threadId } from "node:worker_threads";
import { reportTrouble } from "../../src/diagnostics.ts";
import type { FilterChain } from "../../src/filters/rules/filter-chain.ts";
import type { FemtoLogRecord } from "../../src/record/log-record.ts";
import { epochMillis } from "../shape/clock.ts";
import type { ResourceInput } from "../shape/dictionary.ts";
import type { RecordEncoder } from "../shape/encoder.ts";
import { messageOf } from "../shape/object-encoder.ts";
import type { RecordCursor } from "../shape/record-cursor.ts";
import { RecordDecoder } from "../worker/decoded-record.ts";
import { RecordView } from "../worker/record-view.ts";
import type { EmitScopes } from "./emit-scopes.ts";
import { encodeGiven } from "./encode-given.ts";
import { EncodedRecordReader, type RecordingThread } from "./encoded-record.ts";

/** What filters need of the thread that logs. */
export interface FilteringThread extends RecordingThread {
  readonly scopes: EmitScopes;
  acquire(): RecordEncoder;
  release(): void;
}

/** The way of a record behind the filters. */
export interface NextRoute {
  readonly isEmpty: boolean;
  publish(encoder: RecordEncoder, byteCount: number, severity: number): void;
  countTooLarge(severity: number): void;
  countFiltered?(severity: number): void;
  takes(severity: number, asked?: AskedLogger): boolean;
  inContext?(context: Context): NextRoute;
}

/** The logger that is asked for. */
export interface AskedLogger {
  readonly scope: { readonly name: string };
}

/** What is told of the records that come by. */
export interface FilterListener {
  /** A filter has left the record out. */
  onRefused?(): void;
  /** Something was left out that a summary will tell of. */
  onPending?(): void;
}

/** Filters at work on the thread that logs, whatever comes behind them. */
export class FilterStage {
  readonly chain: FilterChain;
  readonly #thread: FilteringThread;
  readonly #resource: ResourceInput | undefined;
  readonly #reader: EncodedRecordReader;
  readonly #view = new RecordView(new RecordDecoder());

  /** @param resource Of all records, where they have one; else each record tells its own. */
  constructor(thread: FilteringThread, chain: FilterChain, resource?: ResourceInput) {
    this.chain = chain;
    this.#thread = thread;
    this.#resource = resource;
    this.#reader = new EncodedRecordReader(thread);
  }

  /** The filters, and then this way. */
  before(route: NextRoute, listener: FilterListener = {}): FilteredRoute {
    return new FilteredRoute(this, route, listener);
  }

  /** Judges the record in `encoder`, and sends on what passes. */
  process(
    encoder: RecordEncoder,
    record: { readonly byteCount: number; readonly severity: number },
    to: NextRoute,
  ): boolean {
    const cursor = this.#reader.read(encoder);
    cursor.threadId = threadId;
    const verdict = this.chain.judge(this.#view.look(cursor));
    this.summarize(to, false);
    if (verdict === false) return false;
    if (verdict !== true && this.#publish(verdict, { original: cursor, to })) return true;
    to.publish(encoder, record.byteCount, record.severity);
    return true;
  }

  /** Sends the summaries on that are due, or all. */
  summarize(to: NextRoute, isAll: boolean): void {
    if (!this.chain.isPending) return;
    for (const summary of this.chain.take(epochMillis(), isAll)) this.#publish(summary, { to });
  }

  /** False where the record cannot be made: that is told, and the original goes in its place. */
  #publish(
    given: FemtoLogRecord,
    { original, to }: { readonly original?: RecordCursor; readonly to: NextRoute },
  ): boolean {
    const encoder = this.#thread.acquire();
    try {
      const { scopes } = this.#thread;
      const { byteCount, severity } = encodeGiven(encoder, {
        given,
        original,
        scopes,
        resource: this.#resource,
      });
      to.publish(encoder, byteCount, severity);
      return true;
    } catch (error) {
      reportTrouble(
        "filtered record",
        `A record that a filter made cannot be used, and the original passes in its place: ${messageOf(error)}`,
      );
      return false;
    } finally {
      this.#thread.release();
    }
  }
}

/** The way of records through filters. Never throws. One thread's own. */
export class FilteredRoute implements NextRoute {
  readonly #stage: FilterStage;
  readonly #next: NextRoute;
  readonly #listener: FilterListener;

  /** Use `FilterStage.before`. */
  constructor(stage: FilterStage, next: NextRoute, listener: FilterListener) {
    this.#stage = stage;
    this.#next = next;
    this.#listener = listener;
  }

  get isEmpty(): boolean {
    return this.#next.isEmpty;
  }

  publish(encoder: RecordEncoder, byteCount: number, severity: number): void {
    const { chain } = this.#stage;
    // What a filter logs itself.
    if (chain.isJudging) {
      this.#next.publish(encoder, byteCount, severity);
      return;
    }
    const hasPassed = this.#stage.process(encoder, { byteCount, severity }, this.#next);
    if (!hasPassed) this.#listener.onRefused?.();
    if (chain.isPending) this.#listener.onPending?.();
  }

  countTooLarge(severity: number): void {
    this.#next.countTooLarge(severity);
  }

  countFiltered(severity: number): void {
    this.#next.countFiltered?.(severity);
  }

  takes(severity: number, asked?: AskedLogger): boolean {
    const mayPass = asked === undefined || this.#stage.chain.mayPass(severity, asked.scope.name);
    return mayPass && this.#next.takes(severity, asked);
  }

  inContext(context: Context): FilteredRoute {
    const next = this.#next.inContext?.(context);
    return next === undefined ? this : new FilteredRoute(this.#stage, next, this.#listener);
  }

  /** Sends the summaries on that are due, or all. */
  summarize(isAll: boolean): void {
    this.#stage.summarize(this.#next, isAll);
  }
}
