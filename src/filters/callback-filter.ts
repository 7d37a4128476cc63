import { describeValue } from "../errors.ts";
import type { FemtoFilter, FilterFunction } from "../record/filter.ts";
import type { FemtoLogRecord } from "../record/log-record.ts";

/**
 * A function of the application as a filter, so that it can be kept and removed like the others. Runs on the thread that made
 * it, also where it is given to a handler: then before the record is queued.
 */
export class FemtoCallbackFilter implements FemtoFilter {
  readonly #callback: FilterFunction;

  /** @throws {TypeError} It is no function. */
  constructor(callback: FilterFunction) {
    if (typeof callback !== "function") {
      throw new TypeError(
        `Cannot make FemtoCallbackFilter: the callback is ${describeValue(callback)}, must be a function that takes a record and answers true, false or a record`,
      );
    }
    this.#callback = callback;
  }

  filter(record: FemtoLogRecord): boolean | FemtoLogRecord {
    return this.#callback(record);
  }
}
