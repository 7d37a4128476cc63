import { expect } from "vitest";
import type { Row } from "./page.ts";

/** What both sides have in common, of a record or a file. A field that a side does not have is undefined. */
export interface Seen {
  readonly level?: number;
  readonly message?: unknown;
  readonly attributes?: Readonly<Record<string, unknown>>;
  readonly exception?: { readonly type: unknown; readonly message: unknown };
  readonly logger?: string;
  readonly eventName?: string;
  /** The whole text of a file. */
  readonly file?: string;
}

/** Fails where the two sides differ in anything but what the row says, or do not differ in that. */
export function compareSides(row: Row, theirs: readonly Seen[], ours: readonly Seen[]): void {
  expect(theirs.length + ours.length === 0, "no record on either side").toBe(row.isSilent);
  const counts = row.differences.find(({ field }) => field === "records");
  if (counts !== undefined) {
    expect([theirs.length, ours.length]).toEqual([counts.theirs, counts.ours]);
    return;
  }
  const [theirFirst = {}, ...theirRest] = theirs.map(plain);
  const [ourFirst = {}, ...ourRest] = ours.map(plain);
  const expected: Record<string, unknown> = { ...theirFirst };
  for (const { field, theirs: left, ours: right } of row.differences) {
    expect({ [field]: theirFirst[field] }, "theirs").toEqual({ [field]: left });
    expect(left, "no difference").not.toEqual(right);
    expected[field] = right;
  }
  expect(ourFirst).toEqual(expected);
  expect(ourRest).toEqual(theirRest);
}

/** As JSON has it: what a library keeps as a class instance is compared by its fields. */
function plain(seen: Seen): Record<string, unknown> {
  return JSON.parse(JSON.stringify(seen)) as Record<string, unknown>;
}
