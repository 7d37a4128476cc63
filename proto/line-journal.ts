import type { ResourceDefinition, ScopeDefinition } from "../processors/shape/shape.ts";

/** A record of the batch, or lines that are whole already. */
export interface JournalEntry {
  /** Undefined for whole lines. */
  readonly scope: ScopeDefinition | undefined;
  /** Where its bytes stand. */
  readonly startAt: number;
  readonly endAt: number;
  /** Bytes of the batch without it. */
  readonly bytesBefore: number;
  /** Number of its line in the batch. */
  readonly line: number;
}

/** What a record takes of a line, in bytes: `lineBytes` the first, the next two those that are the first of theirs. */
export interface RecordSizes {
  readonly lineBytes: number;
  readonly resourceBytes: number;
  readonly scopeBytes: number;
  /** The record and a comma. */
  readonly recordBytes: number;
}

/** Which records of a batch share a line, and how many bytes the lines will have. Arithmetic only. */
export class LineJournal {
  /** Bytes of the batch, its lines put together. */
  byteCount = 0;
  readonly #entries: JournalEntry[] = [];
  /** Those of the last line. */
  readonly #scopes = new Set<ScopeDefinition>();
  readonly #resources = new Set<ResourceDefinition>();
  #lineBytes = 0;
  /** Number of the last line; -1 while there is none. */
  #line = -1;
  /** No record joins the last line. */
  #isLineClosed = true;

  /** Puts a record into the last line, or begins another one, where that would get longer than `lineBytesMax`. */
  add(
    scope: ScopeDefinition,
    record: { readonly startAt: number; readonly sizes: RecordSizes; readonly lineBytesMax: number },
  ): void {
    const { sizes, startAt } = record;
    const isTooLong = this.#lineBytes + this.#costOf(scope, sizes) > record.lineBytesMax;
    if (this.#isLineClosed || isTooLong) this.#beginLine(sizes.lineBytes);
    const bytesBefore = this.byteCount;
    const isFirst = this.#scopes.size === 0;
    const cost = this.#costOf(scope, sizes);
    this.#join(scope);
    this.#lineBytes += cost;
    this.byteCount += isFirst ? this.#lineBytes : cost;
    this.#entries.push({ scope, startAt, endAt: startAt + sizes.recordBytes, bytesBefore, line: this.#line });
  }

  /** Puts lines that are whole behind the last one. */
  addLines(startAt: number, byteCount: number): void {
    this.#line++;
    this.#isLineClosed = true;
    const bytesBefore = this.byteCount;
    const endAt = startAt + byteCount;
    this.#entries.push({ scope: undefined, startAt, endAt, bytesBefore, line: this.#line });
    this.byteCount += byteCount;
  }

  /** Takes out what was added since the batch had so many bytes. In its order. */
  cut(byteCount: number): JournalEntry[] {
    const from = this.#entries.findLastIndex(({ bytesBefore }) => bytesBefore < byteCount) + 1;
    const taken = this.#entries.splice(from);
    if (taken.length > 0) this.#goBackTo(byteCount);
    return taken;
  }

  /** The entries of each line, in order. */
  *lines(): Generator<readonly JournalEntry[]> {
    let from = 0;
    while (from < this.#entries.length) {
      const { line } = this.#entries[from] as JournalEntry;
      let end = from + 1;
      while (this.#entries[end]?.line === line) end++;
      yield this.#entries.slice(from, end);
      from = end;
    }
  }

  clear(): void {
    this.#entries.length = 0;
    this.#goBackTo(0);
  }

  #beginLine(lineBytes: number): void {
    this.#line++;
    this.#isLineClosed = false;
    this.#lineBytes = lineBytes;
    this.#scopes.clear();
    this.#resources.clear();
  }

  #costOf(scope: ScopeDefinition, { resourceBytes, scopeBytes, recordBytes }: RecordSizes): number {
    if (this.#scopes.has(scope)) return recordBytes;
    return recordBytes + scopeBytes + (this.#resources.has(scope.resource) ? 0 : resourceBytes);
  }

  #join(scope: ScopeDefinition): void {
    if (this.#scopes.has(scope)) return;
    this.#scopes.add(scope);
    this.#resources.add(scope.resource);
  }

  /** Makes the last line that of the last entry there is. */
  #goBackTo(byteCount: number): void {
    const last = this.#entries.at(-1);
    this.byteCount = byteCount;
    this.#line = last?.line ?? -1;
    this.#isLineClosed = last?.scope === undefined;
    this.#scopes.clear();
    this.#resources.clear();
    for (let index = this.#entries.length - 1; index >= 0; index--) {
      const { scope, line, bytesBefore } = this.#entries[index] as JournalEntry;
      if (scope === undefined || line !== this.#line) break;
      this.#join(scope);
      this.#lineBytes = byteCount - bytesBefore;
    }
  }
}
