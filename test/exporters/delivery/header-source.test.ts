import { expect, test } from "vitest";

import { HeaderSource } from "../../../exporters/delivery/header-source.ts";

/** A source that counts how often it is asked. */
function counting(more: object = {}): HeaderSource {
  let count = 0;
  return new HeaderSource(async () => ({ headers: { Token: `${(count += 1)}` }, ...more }));
}

test("get() asks once, also for many at the same time, and keeps what it got", async () => {
  const source = counting();
  const both = await Promise.all([source.get(), source.get()]);
  expect(both).toEqual([{ token: "1" }, { token: "1" }]);
  expect(await source.get()).toBe(both[0]);
});

test("get() asks again when the headers have ended", async () => {
  const source = counting({ expiresAtMillis: Date.now() - 1 });
  expect([await source.get(), await source.get()]).toEqual([{ token: "1" }, { token: "2" }]);
});

test("get() keeps headers that end later", async () => {
  const source = counting({ expiresAtMillis: Date.now() + 3_600_000 });
  expect(await source.get()).toBe(await source.get());
});

test("expire() forgets the headers that were refused, and no newer ones", async () => {
  const source = counting();
  const first = await source.get();
  source.expire(first);
  const second = await source.get();
  expect(second).toEqual({ token: "2" });
  source.expire(first);
  expect(await source.get()).toBe(second);
});

test("get() asks again after a failure", async () => {
  let isAway = true;
  const source = new HeaderSource(async () => {
    if (isAway) throw new Error("away");
    return { headers: {} };
  });
  await expect(source.get()).rejects.toThrow("away");
  isAway = false;
  expect(await source.get()).toEqual({});
});

test.each([
  [undefined, "it must return { headers, expiresAtMillis }"],
  [{ token: "secret" }, "it must return { headers, expiresAtMillis }"],
  [{ headers: "secret" }, "it must return { headers, expiresAtMillis }"],
  [{ headers: { "a b": "secret" } }, "a header that it returns has a name"],
  [{ headers: { token: "secret\r\nx: y" } }, 'the header "token" that it returns must be'],
  [{ headers: { token: ["secret"] } }, 'the header "token" that it returns must be'],
  [{ headers: {}, expiresAtMillis: "soon" }, "the expiresAtMillis that it returns must be"],
])("get() refuses %j, and shows no value", async (provided, expected) => {
  const failure = await new HeaderSource(async () => provided).get().catch((error: unknown) => error);
  expect(failure).toBeInstanceOf(TypeError);
  expect((failure as TypeError).message).toContain(expected);
  expect((failure as TypeError).message).not.toContain("secret");
});
