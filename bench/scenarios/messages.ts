/** What the scenarios log: five kinds of records, as program text of the call, and what must have arrived of each. */
import { makeText, randomNumbers, ROW_MASK, tables } from "../data.ts";
import { type Burst, compileLoop } from "../sites.ts";

const SEED = 0x6b_1b17e;
const PAYLOAD_LENGTH = 1024;
const ERROR_SEVERITY = 17;

/** Name of the logger of all scenarios. */
export const LOGGER_NAME = "bench.scenario";

/** Kinds of records. */
export type MessageName = "plain" | "attributes" | "nested" | "kibibyte" | "error";

/** One kind of record. */
export interface Message {
  /** For the head of a table. */
  readonly label: string;
  /** Calls of a cell, over all its threads. */
  readonly callCount: number;
  /** Text of the call. */
  readonly call: string;
  /** Attributes of the record that is logged for a row of the tables, but for the stack of an error: each thread has its own. */
  readonly attributesOf: (row: number) => Readonly<Record<string, unknown>>;
}

const random = randomNumbers(SEED);
/** 1,024 characters each, nothing to escape in JSON. */
const payloads: readonly string[] = tables.text.map(() => makeText(random, PAYLOAD_LENGTH));
/** Made once: what making an error costs is the business of the program that has it. */
const failures: readonly Error[] = tables.text.map((text) => new TypeError(`cannot read ${text}`));

const NESTED =
  '{ request: { path: text[row], method: "GET", cached: flag[row], query: { page: int[row], size: 50, sort: "name" } }, ' +
  'user: { id: int[row], role: "admin", tags: ["a", "b"] }, ms: double[row] }';

const MESSAGES: Readonly<Record<MessageName, Message>> = {
  plain: {
    label: "plain",
    callCount: 300_000,
    call: 'log.info("request completed")',
    attributesOf: () => ({}),
  },
  attributes: {
    label: "4 attributes",
    callCount: 300_000,
    call: 'log.info("request completed", { status: int[row], path: text[row], cached: flag[row], ms: double[row] })',
    attributesOf: (row) => ({
      status: tables.int[row],
      path: tables.text[row],
      cached: tables.flag[row],
      ms: tables.double[row],
    }),
  },
  nested: {
    label: "10 nested",
    callCount: 100_000,
    call: `log.info("request completed", ${NESTED})`,
    attributesOf: (row) => ({
      request: {
        path: tables.text[row],
        method: "GET",
        cached: tables.flag[row],
        query: { page: tables.int[row], size: 50, sort: "name" },
      },
      user: { id: tables.int[row], role: "admin", tags: ["a", "b"] },
      ms: tables.double[row],
    }),
  },
  kibibyte: {
    label: "1 KiB",
    callCount: 60_000,
    call: 'log.info("request completed", { payload: payloads[row] })',
    attributesOf: (row) => ({ payload: payloads[row] }),
  },
  error: {
    label: "error",
    callCount: 60_000,
    call: 'log.error("request failed", failures[row])',
    attributesOf: (row) => ({
      "exception.type": "TypeError",
      "exception.message": failures[row]?.message,
    }),
  },
};

/** Names of all kinds, in the order of the tables. */
export const messageNames: readonly MessageName[] = Object.keys(MESSAGES) as MessageName[];

/** A kind by its name. */
export function messageOf(name: MessageName): Message {
  return MESSAGES[name];
}

/** The loop that logs records of a kind: row `i & ROW_MASK` for record `i`. */
export function compileMessage(log: unknown, name: MessageName): Burst {
  return compileLoop(log, MESSAGES[name].call, { payloads, failures });
}

/** Checks lines of JSON of which only the kind is known: threads come in any order. */
export class LineCheck {
  readonly #rows: ReadonlySet<string>;
  #count = 0;

  constructor(name: MessageName) {
    const rows = Array.from({ length: ROW_MASK + 1 }, (_, row) =>
      JSON.stringify(MESSAGES[name].attributesOf(row)),
    );
    this.#rows = new Set(rows);
  }

  /** Lines that were looked at. */
  get count(): number {
    return this.#count;
  }

  /** @throws {Error} The record is none of those that are logged. */
  take(line: string): void {
    this.#count++;
    const { time, level, severity, logger, msg, ...rest } = JSON.parse(line) as Record<string, unknown>;
    // Which thread it was: on records of all but the main one.
    const { "exception.stacktrace": stack, "thread.id": threadId = 0, ...attributes } = rest;
    const isFailure = severity === ERROR_SEVERITY;
    const isKnown =
      Number.isFinite(Date.parse(String(time))) &&
      level === (isFailure ? "ERROR" : "INFO") &&
      logger === LOGGER_NAME &&
      Number.isInteger(threadId) &&
      msg === (isFailure ? "request failed" : "request completed") &&
      isFailure ===
        String(stack).startsWith(`TypeError: ${String(attributes["exception.message"])}\n    at `) &&
      this.#rows.has(JSON.stringify(attributes));
    if (!isKnown) throw new Error(`A line is none of those that were logged: ${line}`);
  }
}
