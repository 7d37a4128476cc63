import type { FemtoFilter, FemtoLogRecord } from "../../src/index.ts";

/** What the filter does to a record: leaves it out, puts another in its place, or fails. */
export interface ModuleFilterOptions {
  readonly mode: "odd" | "add-1000" | "throw" | "promise" | "unfit";
}

/** A filter for handlers' threads. */
export function createFilter({ mode }: ModuleFilterOptions): FemtoFilter {
  return { filter: (record) => ANSWERS[mode](record) };
}

const ANSWERS: Record<ModuleFilterOptions["mode"], (record: FemtoLogRecord) => boolean | FemtoLogRecord> = {
  odd: ({ attributes }) => Number(attributes["i"]) % 2 === 1,
  "add-1000": (record) => ({
    ...record,
    attributes: { ...record.attributes, i: Number(record.attributes["i"]) + 1000 },
  }),
  throw: () => {
    throw new Error("no filter today");
  },
  promise: () => Promise.resolve(false) as unknown as boolean,
  unfit: (record) => ({
    ...record,
    get body(): string {
      throw new Error("no body today");
    },
  }),
};
