/** Any sequence of changes and calls brings each record to the handlers that Python's rules say, once. */
import * as fc from "fast-check";
import { expect, test } from "vitest";

import { createLogging, type Logging } from "../../src/index.ts";
import { keeper, type Keeper } from "./collect.ts";

const NAMES = ["", "a", "a.b", "a.b.c", "x"] as const;
const HANDLER_COUNT = 3;

interface LoggerModel {
  level: number | undefined;
  propagate: boolean;
  disabled: boolean;
  readonly handlers: Set<number>;
}

/** The rules, in their simplest form. */
class Model {
  readonly loggers = new Map<string, LoggerModel>(
    NAMES.map((name) => [
      name,
      { level: name === "" ? 9 : undefined, propagate: true, disabled: false, handlers: new Set<number>() },
    ]),
  );
  disabledUpTo = 0;
  readonly handlerLevels: number[] = Array.from({ length: HANDLER_COUNT }, () => 1);
  readonly expected: string[][] = Array.from({ length: HANDLER_COUNT }, () => []);

  log(name: string, severity: number, message: string): void {
    const logger = this.loggers.get(name)!;
    if (logger.disabled || severity <= this.disabledUpTo || severity < this.#levelOf(name)) return;
    for (const handler of this.#handlersOf(name)) {
      if (severity >= this.handlerLevels[handler]!) this.expected[handler]!.push(message);
    }
  }

  #levelOf(name: string): number {
    const { level } = this.loggers.get(name)!;
    return level ?? (name === "" ? 0 : this.#levelOf(parentOf(name)));
  }

  #handlersOf(name: string): Set<number> {
    const logger = this.loggers.get(name)!;
    if (!logger.propagate || name === "") return logger.handlers;
    return new Set([...logger.handlers, ...this.#handlersOf(parentOf(name))]);
  }
}

function parentOf(name: string): string {
  return name.includes(".") ? name.slice(0, name.lastIndexOf(".")) : "";
}

interface System {
  readonly model: Model;
  readonly logging: Logging;
  readonly kept: readonly Keeper[];
}

type Step = (system: System) => void;

const names = fc.constantFrom(...NAMES);
const severities = fc.constantFrom(1, 5, 9, 13, 17, 21);
const handlers = fc.nat({ max: HANDLER_COUNT - 1 });
let messageCount = 0;

const calls: fc.Arbitrary<Step> = fc
  .tuple(names, severities, fc.nat({ max: 3 }))
  .map(([name, severity, form]) => ({ model, logging }) => {
    const message = `m${messageCount++}`;
    const logger = logging.getLogger(name);
    model.log(name, severity, message);
    if (form === 0) logger.emit({ severityNumber: severity, body: message });
    else if (form === 1) logger.with({ a: 1 }).log(severity, message);
    else if (form === 2) logger.event("e", {}, { level: severity as 9, body: message });
    else logger.log(severity, message);
  });

const levelChanges: fc.Arbitrary<Step> = fc
  .tuple(names, fc.constantFrom(0, 1, 9, 13, 17, 25))
  .map(([name, level]) => ({ model, logging }) => {
    logging.getLogger(name).setLevel(level);
    model.loggers.get(name)!.level = level === 0 ? undefined : level;
  });

const flagChanges: fc.Arbitrary<Step> = fc
  .tuple(names, fc.constantFrom("propagate" as const, "disabled" as const), fc.boolean())
  .map(([name, flag, value]) => ({ model, logging }) => {
    logging.getLogger(name)[flag] = value;
    model.loggers.get(name)![flag] = value;
  });

const handlerChanges: fc.Arbitrary<Step> = fc
  .tuple(names, handlers, fc.boolean())
  .map(([name, index, isAdded]) => ({ model, logging, kept }) => {
    const { handler } = kept[index]!;
    if (isAdded) logging.getLogger(name).addHandler(handler);
    else logging.getLogger(name).removeHandler(handler);
    const attached = model.loggers.get(name)!.handlers;
    if (isAdded) attached.add(index);
    else attached.delete(index);
  });

const otherChanges: fc.Arbitrary<Step> = fc.oneof(
  fc.constantFrom(0, 5, 13).map((level) => ({ model, logging }: System) => {
    logging.disable(level);
    model.disabledUpTo = level;
  }),
  fc.tuple(handlers, severities).map(([index, level]) => ({ model, kept }: System) => {
    kept[index]!.handler.setLevel(level);
    model.handlerLevels[index] = level;
  }),
);

const steps = fc.oneof(
  { arbitrary: calls, weight: 6 },
  { arbitrary: levelChanges, weight: 2 },
  { arbitrary: handlerChanges, weight: 3 },
  { arbitrary: flagChanges, weight: 1 },
  { arbitrary: otherChanges, weight: 1 },
);

test("records go to the handlers that the rules say, each once and in order, whatever was changed before", async () => {
  const kept = Array.from({ length: HANDLER_COUNT }, () => keeper());
  const sink = keeper();
  await fc.assert(
    fc.asyncProperty(fc.array(steps, { maxLength: 60 }), async (sequence) => {
      const logging = createLogging();
      const system = { model: new Model(), logging, kept };
      for (const { handler } of kept) handler.setLevel("TRACE");
      // A logger without handlers says its warnings on stderr.
      for (const name of NAMES) logging.getLogger(name).addHandler(sink.handler);
      for (const step of sequence) step(system);
      await sink.take();
      for (const [index, { take }] of kept.entries()) {
        expect((await take()).map(({ body }) => body)).toEqual(system.model.expected[index]);
      }
    }),
    { numRuns: 150 },
  );
});
