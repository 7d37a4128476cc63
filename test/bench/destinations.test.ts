/** What is missing must be seen: a benchmark that does not notice a lost record measures nothing. Needs `dist/`. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createLogging } from "femtologging";
import { expect, onTestFinished, test } from "vitest";

import type { Destination } from "../../bench/scenarios/destination.ts";
import {
  type DestinationName,
  destinationNames,
  openDestination,
} from "../../bench/scenarios/destinations.ts";
import { compileMessage, LineCheck, LOGGER_NAME } from "../../bench/scenarios/messages.ts";

const RECORD_COUNT = 50;
const HANDLER_COUNT = 2;

/** `null` goes nowhere: there is nothing to look at. */
/** Those whose lines are compared, not only counted. */
const COMPARED: readonly DestinationName[] = ["file", "stream", "rotating"];
const OBSERVED: readonly DestinationName[] = destinationNames.filter((name) => name !== "null");

/** Handlers that have had 50 records and are shut down. */
async function delivered(name: DestinationName): Promise<Destination> {
  const directory = mkdtempSync(join(tmpdir(), "femtologging-destinations-"));
  onTestFinished(() => rmSync(directory, { recursive: true }));
  const destination = await openDestination(name, { directory, handlerCount: HANDLER_COUNT });
  const logging = createLogging({ handlers: destination.handlers });
  compileMessage(logging.getLogger(LOGGER_NAME), "nested")(0, RECORD_COUNT);
  await logging.shutdown();
  return destination;
}

test.each(OBSERVED)("verify() resolves when each handler has delivered everything: %s", async (name) => {
  const destination = await delivered(name);
  const lines = new LineCheck("nested");
  await expect(destination.verify({ count: RECORD_COUNT, lines })).resolves.toBeUndefined();
  expect(lines.count).toBe(COMPARED.includes(name) ? HANDLER_COUNT : 0);
});

test.each(OBSERVED)("verify() rejects when there is one record too many: %s", async (name) => {
  const destination = await delivered(name);
  const lines = new LineCheck("nested");
  await expect(destination.verify({ count: RECORD_COUNT - 1, lines })).rejects.toThrow(
    /records were logged, /,
  );
});

test.each(COMPARED)("verify() rejects when a line is not what was logged: %s", async (name) => {
  const destination = await delivered(name);
  const lines = new LineCheck("attributes");
  await expect(destination.verify({ count: RECORD_COUNT, lines })).rejects.toThrow(
    "none of those that were logged",
  );
});
