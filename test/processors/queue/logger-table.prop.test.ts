import * as fc from "fast-check";
import { expect, test } from "vitest";

import { createArena } from "../../../processors/queue/arena.ts";
import { LoggerTable } from "../../../processors/queue/logger-table.ts";

const INFO = 9;
const OFF = 25;
const NAMES = ["", "a", "a.b", "a.b.c", "a.c", "b", "b.a.c"];

const anyName = fc.constantFrom(...NAMES);
const anyChange = fc.oneof(
  fc.record({ name: anyName, level: fc.option(fc.nat(OFF), { nil: undefined }) }),
  fc.record({
    name: anyName,
    flag: fc.constantFrom("propagate" as const, "disabled" as const),
    isSet: fc.boolean(),
  }),
  fc.record({ name: anyName, handler: fc.nat(63), isAdded: fc.boolean() }),
  fc.record({ upTo: fc.nat(24) }),
);

interface ModelLogger {
  level: number | undefined;
  propagate: boolean;
  disabled: boolean;
  readonly handlers: Set<number>;
}

/** What a table ought to say, worked out by walking up the names. */
class Model {
  upTo = 0;
  readonly #loggers = new Map<string, ModelLogger>();

  logger(name: string): ModelLogger {
    const known = this.#loggers.get(name);
    if (known !== undefined) return known;
    const level = name === "" ? INFO : undefined;
    const made: ModelLogger = { level, propagate: true, disabled: false, handlers: new Set() };
    this.#loggers.set(name, made);
    return made;
  }

  effective(name: string): number {
    if (this.logger(name).disabled) return OFF;
    const level =
      pathOf(name)
        .map((above) => this.logger(above).level)
        .find((own) => own !== undefined) ?? 0;
    return Math.max(level, this.upTo + 1);
  }

  handlers(name: string): Set<number> {
    const found = new Set<number>();
    for (const above of pathOf(name)) {
      for (const handler of this.logger(above).handlers) found.add(handler);
      if (!this.logger(above).propagate) break;
    }
    return found;
  }
}

/** The name, those above it, the root. */
function pathOf(name: string): string[] {
  if (name === "") return [""];
  const parts = name.split(".");
  return [...parts.map((_, i) => parts.slice(0, parts.length - i).join(".")), ""];
}

function handlersOf(table: LoggerTable, name: string): Set<number> {
  const { low, high } = table.handlersOf(table.find(name));
  const found = new Set<number>();
  for (let bit = 0; bit < 32; bit++) {
    if ((low & (1 << bit)) !== 0) found.add(bit);
    if ((high & (1 << bit)) !== 0) found.add(bit + 32);
  }
  return found;
}

test("levels and handlers are what walking up the names gives, in both of two tables that share an arena", () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.boolean(), anyChange), { maxLength: 40 }), (changes) => {
      const arena = createArena();
      const [first, second] = [LoggerTable.shared(arena, INFO), LoggerTable.shared(arena, INFO)];
      const model = new Model();
      for (const [isFirst, change] of changes) {
        const table = isFirst ? first : second;
        if ("upTo" in change) {
          table.setDisabledUpTo(change.upTo);
          model.upTo = change.upTo;
        } else if ("flag" in change) {
          table.setFlag(table.find(change.name), change.flag, change.isSet);
          model.logger(change.name)[change.flag] = change.isSet;
        } else if ("handler" in change) {
          const slot = table.find(change.name);
          if (change.isAdded) table.addHandler(slot, change.handler);
          else table.removeHandler(slot, change.handler);
          if (change.isAdded) model.logger(change.name).handlers.add(change.handler);
          else model.logger(change.name).handlers.delete(change.handler);
        } else {
          table.setOwnLevel(table.find(change.name), change.level);
          model.logger(change.name).level = change.level;
        }
      }
      for (const table of [first, second]) {
        for (const name of NAMES) {
          expect(table.words[table.cell(table.find(name))], name).toBe(model.effective(name));
          expect(handlersOf(table, name), name).toStrictEqual(model.handlers(name));
        }
      }
    }),
  );
});
