// What judges a record: on loggers before it is queued, on handlers before it is rendered.

import type { FemtoLogRecord } from "./log-record.ts";

/**
 * Decides what becomes of a record. `true` lets it pass, `false` leaves it out, a record takes its place: for filters that
 * enrich, shorten or replace. The record that is given is frozen; return a copy:
 * `{ ...record, attributes: { ...record.attributes, region } }`.
 *
 * Must answer at once: a promise is no answer. A filter that throws, or gives no answer, lets the record pass as it was.
 */
export interface FemtoFilter {
  filter(record: FemtoLogRecord): boolean | FemtoLogRecord;
}

/** A filter without an object around it. */
export type FilterFunction = FemtoFilter["filter"];

/** A filter that is loaded and made where it is asked: by the handler's thread, or by each thread that logs on the logger. */
export interface FilterModule {
  /**
   * Absolute path, or file: URL, of a module whose `createFilter` or default export is a function or class that takes
   * `options` and makes a filter: an object with `filter(record)`, or a function. Without top-level `await`.
   */
  readonly module: string | URL;
  /** Goes to the thread: data only. */
  readonly options?: unknown;
}

/** What can be added to a logger. */
export type LoggerFilter = FemtoFilter | FilterFunction | FilterModule;

/** What can be added to a handler. */
export type HandlerFilter = LoggerFilter;
