import { expect, test } from "vitest";

import { createArena } from "../../../processors/queue/arena.ts";
import { LOGGER_COUNT, NAMES_BYTES } from "../../../processors/queue/layout.ts";
import { LoggerTable, ROOT_LOGGER } from "../../../processors/queue/logger-table.ts";

const DEBUG = 5;
const INFO = 9;
const WARN = 13;
const OFF = 25;

function makeShared(): LoggerTable {
  return LoggerTable.shared(createArena(), INFO);
}

function levelOf(table: LoggerTable, name: string): number {
  return table.words[table.cell(table.find(name))] as number;
}

const KINDS: readonly [string, () => LoggerTable][] = [
  ["shared", makeShared],
  ["isolated", () => LoggerTable.isolated(createArena(), INFO)],
];

for (const [kind, make] of KINDS) {
  test(`find() of a ${kind} table gives each name one slot, and makes the loggers above it`, () => {
    const table = make();
    const slot = table.find("a.b.c");
    expect(table.find("a.b.c")).toBe(slot);
    expect(new Set([ROOT_LOGGER, table.find("a"), table.find("a.b"), slot]).size).toBe(4);
    expect(table.find("")).toBe(ROOT_LOGGER);
  });

  test(`a logger of a ${kind} table has the level of the nearest above that has one`, () => {
    const table = make();
    expect(levelOf(table, "a.b.c")).toBe(INFO);
    table.setOwnLevel(table.find("a"), WARN);
    expect(levelOf(table, "a.b.c")).toBe(WARN);
    table.setOwnLevel(table.find("a.b"), DEBUG);
    expect([levelOf(table, "a"), levelOf(table, "a.b"), levelOf(table, "a.b.c")]).toStrictEqual([
      WARN,
      DEBUG,
      DEBUG,
    ]);
    expect(levelOf(table, "ab")).toBe(INFO);
    table.setOwnLevel(table.find("a.b"), undefined);
    expect(table.ownLevel(table.find("a.b"))).toBeUndefined();
    expect(table.ownLevel(table.find("a"))).toBe(WARN);
    expect(levelOf(table, "a.b.c")).toBe(WARN);
  });

  test(`a disabled logger of a ${kind} table is off, those below it are not`, () => {
    const table = make();
    table.setFlag(table.find("a"), "disabled", true);
    expect([levelOf(table, "a"), levelOf(table, "a.b")]).toStrictEqual([OFF, INFO]);
    expect(table.isDisabled(table.find("a"))).toBe(true);
    table.setFlag(table.find("a"), "disabled", false);
    expect(levelOf(table, "a")).toBe(INFO);
  });

  test(`setDisabledUpTo() of a ${kind} table raises all loggers above that severity`, () => {
    const table = make();
    table.setOwnLevel(table.find("a"), 17);
    table.setDisabledUpTo(WARN);
    expect([levelOf(table, ""), levelOf(table, "a"), levelOf(table, "new")]).toStrictEqual([
      WARN + 1,
      17,
      WARN + 1,
    ]);
    table.setDisabledUpTo(24);
    expect(levelOf(table, "a")).toBe(OFF);
    table.setDisabledUpTo(0);
    expect([levelOf(table, ""), levelOf(table, "a")]).toStrictEqual([INFO, 17]);
  });

  test(`handlersOf() of a ${kind} table collects those of the loggers above, as far as records propagate`, () => {
    const table = make();
    table.addHandler(ROOT_LOGGER, 0);
    table.addHandler(table.find("a"), 31);
    table.addHandler(table.find("a.b"), 32);
    table.addHandler(table.find("a.b"), 63);
    expect(table.handlersOf(table.find("a.b.c"))).toStrictEqual({ low: (1 << 31) | 1, high: (1 << 31) | 1 });
    table.setFlag(table.find("a"), "propagate", false);
    expect(table.propagates(table.find("a"))).toBe(false);
    expect(table.handlersOf(table.find("a.b.c"))).toStrictEqual({ low: 1 << 31, high: (1 << 31) | 1 });
    table.removeHandler(table.find("a.b"), 63);
    table.removeHandler(table.find("a.b"), 5);
    expect(table.handlersOf(table.find("a.b"))).toStrictEqual({ low: 1 << 31, high: 1 });
    table.setFlag(table.find("a"), "propagate", true);
    expect(table.handlersOf(table.find("a"))).toStrictEqual({ low: (1 << 31) | 1, high: 0 });
  });

  test(`every change of a ${kind} table counts as a generation, looking up does not`, () => {
    const table = make();
    const slot = table.find("a");
    const changes = [
      () => table.setOwnLevel(slot, WARN),
      () => table.setFlag(slot, "disabled", true),
      () => table.setDisabledUpTo(3),
      () => table.addHandler(slot, 1),
      () => table.removeHandler(slot, 1),
    ];
    for (const change of changes) {
      const before = table.generation;
      change();
      expect(table.generation).not.toBe(before);
    }
    const before = table.generation;
    table.find("a");
    table.handlersOf(slot);
    expect(table.generation).toBe(before);
  });

  test(`a full ${kind} table gives the nearest logger above, and is not changed by it`, () => {
    const table = make();
    const parent = table.find("parent");
    for (let i = 0; i < LOGGER_COUNT; i++) table.find(`logger${i}`);
    const before = table.generation;
    expect(table.find("parent.child.grandchild")).toBe(parent);
    expect(table.find("stranger")).toBe(ROOT_LOGGER);
    expect(table.generation).toBe(before);
  });
}

test("two tables over one arena, as two threads have, are one table", () => {
  const arena = createArena();
  const [here, there] = [LoggerTable.shared(arena, INFO), LoggerTable.shared(arena, DEBUG)];
  expect(levelOf(there, "")).toBe(INFO);
  const slot = here.find("a.b");
  expect(there.find("a.b")).toBe(slot);
  const cell = here.cell(slot);
  there.setOwnLevel(there.find("a"), WARN);
  expect(here.words[cell]).toBe(WARN);
  here.addHandler(ROOT_LOGGER, 3);
  expect(there.handlersOf(there.find("a.b.c"))).toStrictEqual({ low: 8, high: 0 });
  there.setDisabledUpTo(OFF);
  expect(here.words[cell]).toBeGreaterThanOrEqual(OFF);
  expect(here.generation).toBe(there.generation);
  expect(here.find("a.b.c")).toBe(there.find("a.b.c"));
});

test("two isolated tables know nothing of each other, nor of the shared one", () => {
  const arena = createArena();
  const shared = LoggerTable.shared(arena, INFO);
  const [first, second] = [LoggerTable.isolated(arena, WARN), LoggerTable.isolated(arena, DEBUG)];
  first.setOwnLevel(first.find("a"), 21);
  first.addHandler(ROOT_LOGGER, 1);
  first.setDisabledUpTo(2);
  expect([levelOf(shared, "a"), levelOf(second, "a")]).toStrictEqual([INFO, DEBUG]);
  expect(second.handlersOf(ROOT_LOGGER)).toStrictEqual({ low: 0, high: 0 });
});

test("names of any text are told apart, and found again from another thread's table", () => {
  const arena = createArena();
  const [here, there] = [LoggerTable.shared(arena, INFO), LoggerTable.shared(arena, INFO)];
  const names = ["a..b", ".a", "a.", "Ünïcode.日本", "with space", "__proto__", "constructor", "a\u0000b"];
  const slots = names.map((name) => here.find(name));
  expect(new Set(slots).size).toBe(names.length);
  expect(names.map((name) => there.find(name))).toStrictEqual(slots);
});

test("a name of 100,000 parts is found without harm", () => {
  const table = makeShared();
  const name = "x.".repeat(100_000);
  const slot = table.find(name);
  // As deep as there is room for names.
  expect(slot).toBeGreaterThan(100);
  expect(table.find(name)).toBe(slot);
  expect(table.find("x")).toBe(1);
});

test("a name for which there is no room gives the logger above", () => {
  const table = makeShared();
  const parent = table.find("a");
  expect(table.find(`a.${"n".repeat(NAMES_BYTES)}`)).toBe(parent);
  expect(table.find("a.b")).not.toBe(parent);
});
