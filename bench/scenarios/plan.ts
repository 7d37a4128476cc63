/** The matrix: which cells there are, and how large each is. */
import type { ScenarioArguments } from "../cases/scenario.ts";
import type { PlannedCase } from "../plan.ts";
import { type DestinationName, destinationNames } from "./destinations.ts";
import { messageNames, messageOf } from "./messages.ts";

const HANDLER_COUNTS: readonly number[] = [1, 3, 5];
const THREAD_COUNTS: readonly number[] = [1, 2, 4];
/** Of the calls of a cell, so many are made by each thread before the clock starts. */
const WARM_SHARE = 1 / 10;
const SMOKE_SHARE = 1 / 200;

/** One cell: `destination/message/h<handlers>/t<threads>`. */
export interface ScenarioCase extends PlannedCase {
  readonly args: ScenarioArguments & Readonly<Record<string, unknown>>;
}

type Cell = Pick<ScenarioArguments, "destination" | "message" | "handlerCount" | "threadCount">;

/** All cells; a few small ones for a smoke run, that have each value of each axis among them. */
export function planScenarios({ isSmoke }: { readonly isSmoke: boolean }): readonly ScenarioCase[] {
  return (isSmoke ? diagonal() : matrix()).map((cell) => plannedCase(cell, isSmoke));
}

/** True when the name is the cell, or all its parts are parts of the cell: `file/t1`, `error`. */
export function isScenarioNamed(id: string, name: string): boolean {
  const parts = id.split("/");
  return name.split("/").every((part) => parts.includes(part));
}

/** Kinds that came later are measured with one handler and one thread only: what they share with the others is known by then. */
const MATRIX_DESTINATIONS: readonly DestinationName[] = ["null", "batch", "stream", "file", "otlp"];

function matrix(): Cell[] {
  const later = destinationNames
    .filter((name) => !MATRIX_DESTINATIONS.includes(name))
    .flatMap((destination) =>
      messageNames.map((message) => ({ destination, message, handlerCount: 1, threadCount: 1 })),
    );
  return [...wholeMatrix(), ...later];
}

function wholeMatrix(): Cell[] {
  return MATRIX_DESTINATIONS.flatMap((destination) =>
    messageNames.flatMap((message) =>
      HANDLER_COUNTS.flatMap((handlerCount) =>
        THREAD_COUNTS.map((threadCount) => ({ destination, message, handlerCount, threadCount })),
      ),
    ),
  );
}

function diagonal(): Cell[] {
  return Array.from({ length: Math.max(destinationNames.length, messageNames.length) }, (_, index) => ({
    destination: turn(destinationNames, index),
    message: turn(messageNames, index),
    handlerCount: turn(HANDLER_COUNTS, index),
    threadCount: turn(THREAD_COUNTS, index),
  }));
}

function turn<T>(items: readonly T[], index: number): T {
  return items[index % items.length] as T;
}

function plannedCase(cell: Cell, isSmoke: boolean): ScenarioCase {
  const { destination, message, handlerCount, threadCount } = cell;
  const callCount = messageOf(message).callCount * (isSmoke ? SMOKE_SHARE : 1);
  const count = Math.floor(callCount / threadCount);
  const warmCount = Math.ceil(callCount * WARM_SHARE);
  return {
    id: `${destination}/${message}/h${handlerCount}/t${threadCount}`,
    program: "scenario",
    args: { ...cell, warmCount, count },
  };
}
