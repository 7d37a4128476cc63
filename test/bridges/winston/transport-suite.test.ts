/** winston's own suite for transports, which is written for mocha. */
import { createRequire } from "node:module";
import { afterAll, afterEach, beforeEach, describe, test, vi } from "vitest";

import { FemtoWinstonTransport } from "../../../src/bridges/winston/index.ts";
import { collect } from "../../logger/collect.ts";

type Done = (error?: unknown) => void;
type Step = (done: Done) => unknown;

/** A step of mocha: one that takes an argument is over when it calls it. */
function fromMocha(step: Step): () => Promise<unknown> {
  if (step.length === 0) return async () => step(() => {});
  return () =>
    new Promise((resolve, reject) => {
      step((error) => (error === undefined ? resolve(undefined) : reject(error)));
    });
}

vi.stubGlobal("describe", describe);
vi.stubGlobal("it", (name: string, step: Step) => test(name, fromMocha(step)));
vi.stubGlobal("beforeEach", (step: Step) => beforeEach(fromMocha(step)));
vi.stubGlobal("afterEach", (step: Step) => afterEach(fromMocha(step)));
vi.stubGlobal("after", (step: Step) => afterAll(fromMocha(step)));

const require = createRequire(import.meta.url);
const abstractSuite = require("abstract-winston-transport") as (options: object) => void;
abstractSuite({
  name: "FemtoWinstonTransport",
  Transport: FemtoWinstonTransport,
  construct: () => ({ logging: collect().logging }),
});
