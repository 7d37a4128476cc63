/** Call sites: the program text that logs, one for each logger, made from the same descriptions. */
import { compileFunction } from "node:vm";

import { monotonicMillis } from "./clock.ts";
import { type Kind, randomNumbers, ROW_MASK, shuffled, tables } from "./data.ts";

const SEED = 0x0517_e5;
const NOUNS = ["order", "cart", "user", "token", "job", "page", "query", "file", "email", "cache"] as const;
const VERBS = ["opened", "stored", "loaded", "closed"] as const;
const KINDS: readonly Kind[] = ["int", "text", "flag", "double"];

/** The number of other call sites in the mixed cases. */
export const OTHER_SITE_COUNT = 40;

/** What one call site logs: a message of 17 characters, and four attributes, one of each kind. */
export interface Site {
  readonly text: string;
  readonly attributes: readonly { readonly key: string; readonly kind: Kind }[];
  /** Whether there is also `at`: when the call was made, by the machine's clock. */
  readonly isStamped?: boolean;
}

/** How a logger is called, as program text. `log` names the logger, `attributes` is an object literal. */
export type CallSource = (text: string, attributes: string) => string;

/** Logs the records from `begin` to `end`, `end` not included: record `i` by call site `i % siteCount`. */
export type Burst = (begin: number, end: number) => void;

const MAIN_SITE: Site = {
  text: "request completed",
  attributes: [
    { key: "status", kind: "int" },
    { key: "path", kind: "text" },
    { key: "cached", kind: "flag" },
    { key: "ms", kind: "double" },
  ],
};

/** The main call site, and 40 others with messages, keys and orders of kinds of their own if `isMixed`. */
export function sitesOf(isMixed: boolean): readonly Site[] {
  if (!isMixed) return [MAIN_SITE];
  const random = randomNumbers(SEED);
  const others = Array.from({ length: OTHER_SITE_COUNT }, (_, index) => makeSite(index, random));
  return [MAIN_SITE, ...others];
}

/** The main call site, with `at`. */
export function stampedSites(): readonly Site[] {
  return [{ ...MAIN_SITE, isStamped: true }];
}

function makeSite(index: number, random: () => number): Site {
  const noun = NOUNS[index % NOUNS.length] as string;
  const verb = VERBS[Math.floor(index / NOUNS.length) % VERBS.length] as string;
  const text = `${noun} ${verb} ${index}`.padEnd(MAIN_SITE.text.length, ".");
  const kinds = shuffled(KINDS, random);
  return { text, attributes: kinds.map((kind) => ({ key: `${noun}${index}${kind}`, kind })) };
}

/**
 * Compiles the call sites of a logger, each in a function of its own, and the loop over them. A single call site stands in the
 * loop itself.
 */
export function compileBurst(log: unknown, sites: readonly Site[], call: CallSource): Burst {
  const calls = sites.map((site) => call(JSON.stringify(site.text), attributesSource(site)));
  if (calls.length === 1) return compileLoop(log, calls[0] as string);
  return compileSource(tableSource(calls), { log });
}

/**
 * Compiles a loop around one call.
 *
 * @param call Program text; sees `log`, the tables by their names, `row`, and `values`.
 */
export function compileLoop(
  log: unknown,
  call: string,
  values: Readonly<Record<string, unknown>> = {},
): Burst {
  return compileSource(loopSource(call), { log, ...values });
}

function compileSource(source: string, values: Readonly<Record<string, unknown>>): Burst {
  const named = { ...tables, rowMask: ROW_MASK, monotonicMillis, ...values };
  const make = compileFunction(source, Object.keys(named)) as (...given: unknown[]) => Burst;
  return make(...Object.values(named));
}

function attributesSource(site: Site): string {
  const values = site.attributes.map(({ key, kind }) => `${key}: ${kind}[row]`);
  return `{ ${(site.isStamped ? ["at: monotonicMillis()", ...values] : values).join(", ")} }`;
}

function loopSource(call: string): string {
  return `return (begin, end) => {
    for (let i = begin; i < end; i++) {
      const row = i & rowMask;
      ${call};
    }
  };`;
}

function tableSource(calls: readonly string[]): string {
  const functions = calls.map((call) => `function (row) { ${call}; }`);
  return `const sites = [${functions.join(",\n")}];
  return (begin, end) => {
    let site = begin % sites.length;
    for (let i = begin; i < end; i++) {
      sites[site](i & rowMask);
      if (++site === sites.length) site = 0;
    }
  };`;
}
