import { getEventListeners } from "node:events";

import { expect, test } from "vitest";

import { ConnectionPool } from "../../../exporters/http-client/connection-pool.ts";

/** Nothing is connected before a request is sent. */
const origin = "http://127.0.0.1:9";
const { signal } = new AbortController();

test("acquire() returns the connection that was used last", async () => {
  const pool = new ConnectionPool(origin, 2);
  const first = (await pool.acquire(signal))!;
  const second = (await pool.acquire(signal))!;
  expect(second).not.toBe(first);
  pool.release(second);
  pool.release(first);
  expect(await pool.acquire(signal)).toBe(first);
});

test("acquire() serves those who wait in the order in which they came", async () => {
  const pool = new ConnectionPool(origin, 1);
  const connection = (await pool.acquire(signal))!;
  const served: string[] = [];
  const waits = ["first", "second"].map(async (name) => {
    const acquired = (await pool.acquire(signal))!;
    served.push(name);
    pool.release(acquired);
  });
  pool.release(connection);
  await Promise.all(waits);
  expect(served).toEqual(["first", "second"]);
});

test("acquire() returns undefined when the signal comes, and nothing is lost by it", async () => {
  const pool = new ConnectionPool(origin, 1);
  const connection = (await pool.acquire(signal))!;
  const stop = new AbortController();
  const waiting = pool.acquire(stop.signal);
  stop.abort();
  pool.release(connection);
  expect(await waiting).toBeUndefined();
  expect(await pool.acquire(signal)).toBe(connection);
});

test("acquire() leaves no listener on the signal", async () => {
  const pool = new ConnectionPool(origin, 1);
  const connection = (await pool.acquire(signal))!;
  const waiting = pool.acquire(signal);
  expect(getEventListeners(signal, "abort")).toHaveLength(1);
  pool.release(connection);
  await waiting;
  expect(getEventListeners(signal, "abort")).toHaveLength(0);
});
