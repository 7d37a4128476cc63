import { expectTypeOf, test } from "vitest";

import type {
  ExceptionMethod,
  HoleValues,
  LevelledLogMethod,
  LogArguments,
  LogMethod,
  NamedHoles,
  PrintfArgs,
} from "../../src/logger/template-types.ts";
import type { Loggable } from "../../src/record/log-record.ts";

interface Order {
  readonly id: number;
  readonly items: string[];
}

class Cart {
  readonly items: readonly number[] = [];

  total(): number {
    return this.items.length;
  }
}

declare const info: LogMethod;
declare const exception: ExceptionMethod;
declare const log: LevelledLogMethod;

declare const order: Order;
declare const error: Error;
declare const caught: unknown;
declare const untyped: ReturnType<typeof JSON.parse>;
declare const text: string;
declare const ms: number;

type Numeric = number | bigint;

test("NamedHoles finds the names of a literal template", () => {
  expectTypeOf<NamedHoles<"User {user} paid {amount}">>().toEqualTypeOf<"user" | "amount">();
  expectTypeOf<NamedHoles<"{a.b} {http.request.method}">>().toEqualTypeOf<"a.b" | "http.request.method">();
  expectTypeOf<NamedHoles<"{größe} {$a} {_b} {a-b}">>().toEqualTypeOf<"größe" | "$a" | "_b" | "a-b">();
});

test("NamedHoles finds nothing in text without holes", () => {
  expectTypeOf<NamedHoles<"plain">>().toEqualTypeOf<never>();
  expectTypeOf<NamedHoles<"">>().toEqualTypeOf<never>();
  expectTypeOf<NamedHoles<"{} { } {0} {a b} {a:1} {a:.2f} {'a'} {a..b} {a.} {.a}">>().toEqualTypeOf<never>();
  expectTypeOf<NamedHoles<'{"json":{"a":1}}'>>().toEqualTypeOf<never>();
});

test("NamedHoles passes over escapes and braces without partner", () => {
  expectTypeOf<NamedHoles<"{{a}} {b}">>().toEqualTypeOf<"b">();
  expectTypeOf<NamedHoles<"{{{a}}}">>().toEqualTypeOf<"a">();
  expectTypeOf<NamedHoles<"{{a} b}">>().toEqualTypeOf<never>();
  expectTypeOf<NamedHoles<"{ {a} {b">>().toEqualTypeOf<"a">();
  expectTypeOf<NamedHoles<"a} {b}">>().toEqualTypeOf<"b">();
});

test("PrintfArgs asks for one argument a conversion", () => {
  expectTypeOf<PrintfArgs<"retry %d of %d">>().toEqualTypeOf<[Numeric, Numeric]>();
  expectTypeOf<PrintfArgs<"%s%i%f">>().toEqualTypeOf<[Loggable, Numeric, Numeric]>();
  expectTypeOf<PrintfArgs<"%j %o %O">>().toEqualTypeOf<[Loggable, Loggable, Loggable]>();
});

test("PrintfArgs passes over escapes and other percent signs", () => {
  expectTypeOf<PrintfArgs<"100%% %d">>().toEqualTypeOf<[Numeric]>();
  expectTypeOf<PrintfArgs<"%%d 50% %x % d %">>().toEqualTypeOf<[]>();
  expectTypeOf<PrintfArgs<"%%%d">>().toEqualTypeOf<[Numeric]>();
});

test("HoleValues asks for an attribute for each name, whole or in parts where it has dots", () => {
  expectTypeOf<{ a: number; b: string; c: Date }>().toExtend<HoleValues<"a" | "b">>();
  expectTypeOf<{ a: number }>().not.toExtend<HoleValues<"a" | "b">>();
  expectTypeOf<{ a: { b: { c: 1 } } }>().toExtend<HoleValues<"a.b.c">>();
  expectTypeOf<{ "a.b.c": 1 }>().toExtend<HoleValues<"a.b.c">>();
  expectTypeOf<{ a: { "b.c": 1 } }>().toExtend<HoleValues<"a.b.c">>();
  expectTypeOf<{ a: { b: 1 } }>().not.toExtend<HoleValues<"a.b.c">>();
  expectTypeOf<{ a: { b: 1; c: 2 } }>().toExtend<HoleValues<"a.b" | "a.c">>();
  expectTypeOf<{ a: { b: 1 } }>().not.toExtend<HoleValues<"a.b" | "a.c">>();
});

test("LogArguments is the list of arguments that a template asks for", () => {
  expectTypeOf<LogArguments<"plain", []>>().toEqualTypeOf<[]>();
  expectTypeOf<LogArguments<"%d", [1]>>().toEqualTypeOf<[Numeric]>();
  expectTypeOf<LogArguments<"{a}", []>["length"]>().toEqualTypeOf<1>();
  expectTypeOf<LogArguments<"%d of {a}", [1]>["length"]>().toEqualTypeOf<2>();
});

test("a call with named holes compiles when every hole is filled, with further attributes too", () => {
  info("Order {id} took {ms} ms", { id: 1, ms, customer: order });
  info("Order {id}", order);
  info("hello {name}", { name: "a", message: "no error, though it has these two" });
  info("Order {order}", { order: { id: 1, lines: [{ sku: "a" }] } });
  info("{a.b} {http.method}", { a: { b: 1 }, "http.method": "GET" });
  info(Math.random() > 0.5 ? "a {x}" : "b {y}", { x: 1, y: 2 });
});

test("a call does not compile while a named hole is empty", () => {
  // @ts-expect-error -- ms is missing
  info("Order {id} took {ms} ms", { id: 1, customer: order });
  // @ts-expect-error -- id is missing
  info("Order {id}");
  // @ts-expect-error -- id is missing
  info("Order {id}", error);
  // @ts-expect-error -- id is missing
  info("Order {id}", () => ({ ms }));
  // @ts-expect-error -- a.b is missing
  info("{a.b}", { a: { c: 1 } });
  // @ts-expect-error -- y is missing
  info(Math.random() > 0.5 ? "a {x}" : "b {y}", { x: 1 });
  // @ts-expect-error -- ms may be missing
  info("took {ms}", {} as { ms?: number });
});

test("a call with printf holes compiles with its arguments, then attributes or an error", () => {
  info("retry %d of %d", 1, 2n);
  info("retry %d of %d", 1, 2, { host: "a" });
  info("retry %d of %d", 1, 2, error);
  info("retry %d of {max}", 1, { max: 2 });
  info("%s %j", order, [order], () => ({ ms }));
  info("%s", caught);
  info("%j", { a: { b: [1] } });
  info("%j and %o", [{ a: 1 }], { b: 2 }, { c: { d: 3 } });
});

test("a call does not compile with too few, too many or wrong positional arguments", () => {
  // @ts-expect-error -- one is missing
  info("retry %d of %d", 1);
  // @ts-expect-error -- no number
  info("retry %d of %d", 1, "2");
  // @ts-expect-error -- one too many
  info("retry %d", 1, 2);
  // @ts-expect-error -- max is missing
  info("retry %d of {max}", 1);
  // @ts-expect-error -- a function
  info("%s", () => 1);
});

test("a plain text takes attributes, an error, both in either order, or nothing", () => {
  info("plain");
  info("plain", { a: 1 });
  info("plain", order);
  info("plain", {} as Order | undefined);
  info("plain", error);
  info("plain", caught);
  info("plain", null as NodeJS.ErrnoException | null);
  info("plain", error, { a: 1 });
  info("plain", { a: 1 }, error);
  info("plain {a}", error, { a: 1 });
  info("plain {a}", { a: 1 }, caught);
  info("plain", untyped);
  info("plain {a}", untyped);
});

test("a plain text takes nothing that has no hole to go to", () => {
  // @ts-expect-error -- a number
  info("plain", 5);
  // @ts-expect-error -- a text
  info("plain", "text");
  // @ts-expect-error -- an array
  info("plain", [1]);
  // @ts-expect-error -- an object with methods
  info("plain", new Cart());
  // @ts-expect-error -- a third one
  info("plain", error, { a: 1 }, 5);
});

test("attributes may be made when they are needed", () => {
  info("cart", () => ({ cart: new Cart() }));
  info("cart {size}", () => ({ size: 1 }));
  info("cart", error, () => ({ ms }));
  // @ts-expect-error -- a promise of attributes
  info("cart", async () => ({ ms }));
  // @ts-expect-error -- needs an argument that nobody gives
  info("cart", (size: number) => ({ size }));
});

test("attributes hold data, and caught errors", () => {
  info("plain", { caught, cart: new Cart(), at: new Date(), none: undefined });
  // @ts-expect-error -- a function
  info("plain", { callback: () => 1 });
  // @ts-expect-error -- a promise
  info("plain", { pending: Promise.resolve(1) });
  // @ts-expect-error -- a promise, in a hole
  info("plain {a}", { a: Promise.resolve(1) });
});

test("an error may come first", () => {
  info(error);
  info(caught);
  info(null as NodeJS.ErrnoException | null);
  info(error, "failed");
  info(error, "failed {id}", { id: 1 });
  info(error, "failed %d times", 2, { id: 1 });
  info(error, { id: 1 });
  info(error, text, 1);
  // @ts-expect-error -- id is missing
  info(error, "failed {id}");
  // @ts-expect-error -- no template
  info(error, 5);
});

test("attributes may come first, and fill the holes", () => {
  info({ id: 1 });
  info({ id: 1 }, "order");
  info(order, "order {id}");
  info({ id: 1 }, "order {id} took {ms}", { ms });
  info({ id: 1 }, "retry %d", 5);
  info({ err: caught }, "failed");
  // @ts-expect-error -- ms is missing
  info({ id: 1 }, "order {id} took {ms}");
  // @ts-expect-error -- a function
  info({ callback: () => 1 }, "order");
});

test("nothing else may come first", () => {
  // @ts-expect-error -- nothing at all
  info();
  // @ts-expect-error -- a number
  info(42);
  // @ts-expect-error -- a function
  info(() => "text");
  // @ts-expect-error -- a promise
  info(Promise.resolve("text"));
  // @ts-expect-error -- an array
  info(["text"]);
});

test("any values may follow a text that is not known", () => {
  info(text);
  info(text, 1, caught, order, error, { a: 1 });
  info(text, ...([] as unknown[]));
  info(`took ${ms} {a}`, 5);
  info(text, () => ({ ms }));
  // @ts-expect-error -- a promise
  info(text, Promise.resolve(1));
});

test("a function with type parameters can log what they stand for", () => {
  function save<Entity extends { readonly id: string }, Other>(
    entity: Entity,
    other: Other,
  ): [Entity, Other] {
    const untypedOther: unknown = other;
    info("saved {id}", { id: entity.id, entity });
    info("saved %s", entity);
    info(error, "saved", { entity });
    info("saved", { other: untypedOther });
    // @ts-expect-error -- could be a function: needs a bound
    info("saved", { other });
    return [entity, other];
  }
  expectTypeOf(save).toBeFunction();
});

test("a template of any reasonable length compiles", () => {
  info(
    "{a} Lorem ipsum dolor sit amet, consetetur sadipscing elitr, sed diam nonumy eirmod tempor invidunt ut labore et " +
      "dolore",
    untyped,
  );
  info(
    "{a} {b} {c} {d} {e} {f} {g} {h} {i} {j} Lorem ipsum dolor sit amet, consetetur sadipscing elitr, sed diam nonumy eirmod tempor invidunt ut labore et dolore magna aliquyam erat, sed diam voluptua. At vero eos et accusam et justo duo dolores et ea rebum. Stet clita kasd gubergren, no sea takimata sanctus est Lorem ipsum dolor sit amet. {k} {l} {m} {n} {o} {p} {q} {r} {s} {t} 100%% {{x}} Lorem ipsum dolor sit amet, consetetur sadipscing elitr, sed diam nonumy eirmod tempor invidunt ut labore et dolore",
    {
      a: 1,
      b: 1,
      c: 1,
      d: 1,
      e: 1,
      f: 1,
      g: 1,
      h: 1,
      i: 1,
      j: 1,
      k: 1,
      l: 1,
      m: 1,
      n: 1,
      o: 1,
      p: 1,
      q: 1,
      r: 1,
      s: 1,
      t: 1,
    },
  );
});

test("LogMethod can be had where other people's loggers are asked for", () => {
  expectTypeOf<LogMethod>().toExtend<(message: string) => void>();
  expectTypeOf<LogMethod>().toExtend<(message: string, ...rest: unknown[]) => void>();
  expectTypeOf<LogMethod>().toExtend<(message: string, meta?: object) => void>();
  expectTypeOf<LogMethod>().toExtend<(message: string, meta?: Record<string, unknown>) => void>();
  expectTypeOf<LogMethod>().toExtend<(fields: object, message?: string) => void>();
  expectTypeOf<LogMethod>().toExtend<(error: Error) => void>();
  expectTypeOf<LogMethod>().toExtend<Console["info"]>();
});

test("LogMethod can be called where it may also be the console's", () => {
  const either = {} as { info: LogMethod } | Console;
  either.info("plain");
  either.info("plain", { a: 1 });
});

test("LogMethod is implemented by a function that takes anything", () => {
  expectTypeOf<(first: unknown, ...rest: readonly unknown[]) => void>().toExtend<LogMethod>();
});

test("ExceptionMethod takes any error and checks the template", () => {
  exception(caught);
  exception(caught, "payment failed");
  exception(caught, "payment {id} failed", { id: 1 });
  exception("thrown text", "payment failed", { id: 1 });
  // @ts-expect-error -- id is missing
  exception(caught, "payment {id} failed");
});

test("LevelledLogMethod takes a level and checks the template", () => {
  log("warning", "disk {used} full", { used: 0.9 });
  log(10, error);
  // @ts-expect-error -- no level
  log("loud", "disk");
  // @ts-expect-error -- used is missing
  log("WARN", "disk {used} full");
});
