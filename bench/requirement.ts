/** A row of the table: what is compared, and what is required of it. */

/** Reads a measure of a case in the run that is looked at. */
export type ReadMeasure = (caseId: string, measure: string) => number;

/** One row of the table. */
export interface Requirement {
  readonly id: string;
  /** What is compared, for people. */
  readonly label: string;
  readonly unit: "x" | "ns" | "ms" | "MB" | "bytes";
  /** Which way is good. */
  readonly isBetter: "higher" | "lower";
  /** Undefined for a row that only informs. */
  readonly must?: number;
  readonly aim?: number;
  /** Id of an A/A row: the bounds hold beyond what that one spreads over, its highest value times them. */
  readonly beyond?: string;
  readonly cases: readonly string[];
  readonly value: (read: ReadMeasure) => number;
}
