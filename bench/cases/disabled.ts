/**
 * What does a call below the logger's level cost? The same loop with the call, less the loop without it; the loop computes a checksum, so
 * it cannot be optimised away. The loops are short and run often, as functions of a program do: V8 makes worse code for one endless loop.
 * Does not show the cost of computing the arguments: they are read from tables.
 */
import { join } from "node:path";
import { compileFunction } from "node:vm";

import { runCase } from "../case-program.ts";
import { ROW_MASK, tables } from "../data.ts";
import { median } from "../statistics.ts";

/** Arguments of the case. */
export interface DisabledArguments {
  readonly subject: "femtologging" | "pino";
  readonly hasAttributes: boolean;
  /** Turns of the loop in one round. */
  readonly loopCount: number;
  readonly rounds: number;
}

type Loop = (count: number) => number;

const CALLS = {
  femtologging: {
    bare: 'log.debug("request completed")',
    full: 'log.debug("request completed", ATTRIBUTES)',
  },
  pino: { bare: 'log.debug("request completed")', full: 'log.debug(ATTRIBUTES, "request completed")' },
};
const ATTRIBUTES = "{ status: int[row], path: text[row], cached: flag[row], ms: double[row] }";

async function openLogger(subject: DisabledArguments["subject"], path: string): Promise<unknown> {
  if (subject === "pino") {
    const { pino } = await import("pino");
    return pino({ level: "info" }, pino.destination({ dest: path, sync: true }));
  }
  const { createLogging, FemtoFileHandler } = await import("femtologging");
  return createLogging({ handlers: [new FemtoFileHandler({ path })] }).getLogger("bench.disabled");
}

/** A loop over the rows of the tables that adds up, with `call` in it. */
function compileLoop(log: unknown, call: string): Loop {
  const source = `return (count) => {
    let sum = 0;
    for (let i = 0; i < count; i++) {
      const row = i & rowMask;
      ${call};
      sum = (Math.imul(sum, 31) + int[row]) | 0;
    }
    return sum;
  };`;
  const make = compileFunction(source, ["log", "int", "text", "flag", "double", "rowMask"]) as (
    ...values: unknown[]
  ) => Loop;
  const { int, text, flag, double } = tables;
  return make(log, int, text, flag, double, ROW_MASK);
}

function nsPerTurn(loop: Loop, count: number): { readonly ns: number; readonly sum: number } {
  const begin = performance.now();
  const sum = loop(count);
  return { ns: ((performance.now() - begin) * 1e6) / count, sum };
}

await runCase<DisabledArguments>(async (args, { directory }) => {
  const { subject, hasAttributes, loopCount, rounds } = args;
  const log = await openLogger(subject, join(directory, "out.log"));
  const call = CALLS[subject][hasAttributes ? "full" : "bare"].replace("ATTRIBUTES", ATTRIBUTES);
  const withCall = compileLoop(log, call);
  const empty = compileLoop(log, "");
  const times = { empty: [] as number[], withCall: [] as number[] };
  const sums = new Set<number>();
  for (let round = 0; round < rounds; round++) {
    const first = nsPerTurn(empty, loopCount);
    const second = nsPerTurn(withCall, loopCount);
    sums.add(first.sum).add(second.sum);
    // In the first half the loops are still being compiled.
    if (round < rounds / 2) continue;
    times.empty.push(first.ns);
    times.withCall.push(second.ns);
  }
  if (sums.size !== 1) throw new Error(`The loops disagree: ${[...sums].join(", ")}`);
  return {
    measures: {
      nsPerCall: median(times.withCall) - median(times.empty),
      nsPerEmptyTurn: median(times.empty),
    },
    recordCount: 0,
    checksum: String([...sums][0]),
    settings: `level INFO, ${call}`,
  };
});
