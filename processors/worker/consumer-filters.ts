import { createRule } from "../../src/filters/rules/create-rule.ts";
import { FilterChain, type ChainLink } from "../../src/filters/rules/filter-chain.ts";
import type { FilterDescriptor, FilterSetup } from "../../src/filters/rules/filter-descriptor.ts";
import type { FilterRule } from "../../src/filters/rules/filter-rule.ts";
import type { FemtoLogRecord } from "../../src/record/log-record.ts";
import type { Arena } from "../queue/arena.ts";
import { FILTERS_VERSION_WORD, readGeometry } from "../queue/queue-layout.ts";
import { epochMillis } from "../shape/clock.ts";
import { messageOf } from "../shape/object-encoder.ts";
import type { RecordCursor } from "../shape/record-cursor.ts";
import { RecordDecoder } from "./decoded-record.ts";
import { loadFilterModule } from "./filter-module.ts";
import { LineRecords } from "./line-records.ts";
import { ObjectRecords } from "./object-record.ts";
import type { FilterInput, WorkerStart } from "./protocol.ts";
import { RecordView } from "./record-view.ts";

const NO_RECORDS: readonly FemtoLogRecord[] = [];
/** A filter that fails may do so for each record, and what is reported may have to go to another thread. */
const REPORT_MILLIS = 1000;

/** What the filters of a consumer are made of. */
interface ConsumerFilterParts {
  readonly handlerSlot: number;
  /** The filters at the start. */
  readonly setup: FilterSetup;
  /** The next change of them, as told by the thread that made the handler; undefined where there is none. */
  readonly receive: () => FilterSetup | undefined;
  readonly report: (trouble: string) => void;
}

/**
 * The filters of a handler, where its queue is drained. A record that its thread logs after a change of the filters is judged by
 * the new ones: the word of the change is stored before the record is, and looked at after it was read.
 */
export class ConsumerFilters {
  readonly #parts: ConsumerFilterParts;
  readonly #words: Int32Array;
  readonly #versionWord: number;
  readonly #decoder = new RecordDecoder();
  readonly #view = new RecordView(this.#decoder);
  readonly #replaced = new ObjectRecords(this.#decoder);
  readonly #summaries = new ObjectRecords(this.#decoder);
  readonly #lines: LineRecords;
  #reportedAt = Number.NEGATIVE_INFINITY;
  #version = 0;
  #linksById = new Map<number, ChainLink>();
  #chain = new FilterChain([], () => {});
  /** Summaries of filters that are no more. */
  #leftover: readonly FemtoLogRecord[] = NO_RECORDS;

  /** The filters of a handler's consumer, as it is started. */
  static open(
    arena: Arena,
    start: Pick<WorkerStart, "handlerSlot" | "filters">,
    { report, receiveFilters }: FilterInput,
  ): ConsumerFilters {
    const { handlerSlot, filters } = start;
    return new ConsumerFilters(arena, {
      handlerSlot,
      setup: filters,
      receive: receiveFilters ?? (() => filters),
      report,
    });
  }

  private constructor(arena: Arena, parts: ConsumerFilterParts) {
    this.#parts = parts;
    this.#lines = new LineRecords(this.#decoder, parts.report);
    this.#words = arena.words;
    this.#versionWord = readGeometry(arena.words, parts.handlerSlot).at / 4 + FILTERS_VERSION_WORD;
    this.#apply(parts.setup);
  }

  /** The record to go on with: the same, or one in its place (valid until the next call). Undefined where it is left out. */
  judge(given: RecordCursor): RecordCursor | undefined {
    if (Atomics.load(this.#words, this.#versionWord) !== this.#version) this.#refresh();
    const record = given.shape.body === "line" ? this.#lines.read(given) : given;
    if (this.#chain.isEmpty) return record;
    const verdict = this.#chain.judge(this.#view.look(record));
    if (verdict === false) return undefined;
    return verdict === true ? record : this.#replace(verdict, record);
  }

  /** True while something was left out that no summary has told of. */
  get isPending(): boolean {
    return this.#leftover.length > 0 || this.#chain.isPending;
  }

  /** True while there are summaries that go out before the record that was judged last. */
  get hasReady(): boolean {
    return this.isPending && this.dueAt === 0;
  }

  /** Epoch milliseconds at which a summary is due; infinity while nothing is pending. */
  get dueAt(): number {
    return this.#leftover.length > 0 ? 0 : this.#chain.dueAt;
  }

  /** Hands the summaries out that are due, or all; each cursor is valid during the call only. Never throws itself. */
  takeSummaries(isAll: boolean, take: (summary: RecordCursor) => void): void {
    if (!this.isPending) return;
    const summaries = [...this.#leftover, ...this.#chain.take(epochMillis(), isAll)];
    this.#leftover = NO_RECORDS;
    for (const summary of summaries) {
      const cursor = this.#readSummary(summary);
      if (cursor !== undefined) take(cursor);
    }
  }

  #readSummary(summary: FemtoLogRecord): RecordCursor | undefined {
    try {
      return this.#summaries.read(summary);
    } catch (error) {
      this.#reportAtTimes(
        `A summary that a filter has changed cannot be used, and is left out: ${messageOf(error)}`,
      );
      return undefined;
    }
  }

  #refresh(): void {
    const wanted = Atomics.load(this.#words, this.#versionWord);
    while (this.#version !== wanted) {
      const next = this.#parts.receive();
      if (next === undefined) return;
      this.#apply(next);
    }
  }

  /** A filter that is still there goes on with what it has counted. */
  #apply(setup: FilterSetup): void {
    const before = this.#linksById;
    this.#linksById = new Map<number, ChainLink>();
    for (const descriptor of setup.filters) {
      const link = this.#linkOf(descriptor, before.get(descriptor.id));
      if (link !== undefined) this.#linksById.set(descriptor.id, link);
    }
    const gone = [...before].filter(([id]) => !this.#linksById.has(id)).map(([, link]) => link);
    const report = (trouble: string): void => this.#reportAtTimes(trouble);
    const leftover = new FilterChain(gone, report).take(epochMillis(), true);
    this.#leftover = [...this.#leftover, ...leftover];
    this.#chain = new FilterChain([...this.#linksById.values()], report);
    this.#version = setup.version;
  }

  #linkOf(descriptor: FilterDescriptor, known: ChainLink | undefined): ChainLink | undefined {
    try {
      if (descriptor.kind === "module")
        return known ?? { source: descriptor.id, filter: loadFilterModule(descriptor), rule: undefined };
      if (known?.rule === undefined) {
        const rule = createRule(descriptor.kind, descriptor.options as never) as FilterRule<never>;
        return { source: descriptor.id, filter: rule, rule };
      }
      known.rule.update(descriptor.options as never);
      return known;
    } catch (error) {
      const what = descriptor.kind === "module" ? `filter module "${descriptor.module}"` : "a filter";
      this.#parts.report(`Cannot use ${what}: ${messageOf(error)}; all records pass it`);
      return undefined;
    }
  }

  #replace(given: FemtoLogRecord, original: RecordCursor): RecordCursor {
    try {
      return this.#replaced.read(given, original);
    } catch (error) {
      this.#reportAtTimes(
        `A record that a filter made cannot be used, and the original passes in its place: ${messageOf(error)}`,
      );
      return original;
    }
  }

  #reportAtTimes(trouble: string): void {
    const now = performance.now();
    if (now - this.#reportedAt < REPORT_MILLIS) return;
    this.#reportedAt = now;
    this.#parts.report(trouble);
  }
}
