import { describe, expect, test } from "vitest";
import { type Backup, chooseExpired, chooseSurplus } from "../../../exporters/rotating/retention.ts";

const NOW = 1_000_000;
const NO_LIMITS = { backupCount: 0, maxAgeMillis: 0, backupBytes: 0, now: NOW };

function backup(key: string, fields: Partial<Backup> = {}): Backup {
  return {
    path: `app.log.${key}`,
    key,
    extension: "",
    byteCount: 100,
    modifiedMillis: NOW,
    inode: 1,
    ...fields,
  };
}

function keysOf(backups: readonly Backup[]): string[] {
  return backups.map(({ path }) => path.replace("app.log.", ""));
}

describe("chooseExpired()", () => {
  test("nothing goes without limits", () => {
    expect(chooseExpired([backup("1"), backup("2")], NO_LIMITS)).toEqual([]);
  });

  test("backupCount: those beyond it; a file and its compressed copy are one", () => {
    const backups = [backup("1"), backup("1", { path: "app.log.1.gz" }), backup("2"), backup("3")];
    expect(keysOf(chooseExpired(backups, { ...NO_LIMITS, backupCount: 2 }))).toEqual(["3"]);
    expect(keysOf(chooseSurplus(backups, 1))).toEqual(["2", "3"]);
    expect(chooseSurplus(backups, 0)).toEqual([]);
  });

  test("maxAgeMillis: those older, not those of that age", () => {
    const backups = [900, 500, 499, 700].map((age) => backup(String(age), { modifiedMillis: NOW - age }));
    expect(keysOf(chooseExpired(backups, { ...NO_LIMITS, maxAgeMillis: 500 }))).toEqual(["900", "700"]);
  });

  test("backupBytes: the oldest, until the rest fits", () => {
    const backups = [backup("1"), backup("2", { byteCount: 50 }), backup("3"), backup("4", { byteCount: 0 })];
    expect(keysOf(chooseExpired(backups, { ...NO_LIMITS, backupBytes: 150 }))).toEqual(["3", "4"]);
    expect(keysOf(chooseExpired(backups, { ...NO_LIMITS, backupBytes: 250 }))).toEqual([]);
    expect(keysOf(chooseExpired(backups, { ...NO_LIMITS, backupBytes: 1 }))).toHaveLength(4);
  });
});
