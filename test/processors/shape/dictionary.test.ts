import { resourceFromAttributes } from "@opentelemetry/resources";
import { expect, test } from "vitest";

import { createArena, type Arena } from "../../../processors/queue/arena.ts";
import { DEFINITION_BYTES_MAX } from "../../../processors/queue/definitions.ts";
import { takeThreadSlot } from "../../../processors/queue/threads.ts";
import {
  ShapeDictionary,
  type ResourceInput,
  type ScopeInput,
  type ShapeInput,
} from "../../../processors/shape/dictionary.ts";
import { ShapeReader } from "../../../processors/shape/shape-reader.ts";

const RESOURCE: ResourceInput = { attributes: { "service.name": "shop" }, schemaUrl: "https://schema" };
const SCOPE: ScopeInput = {
  name: "shop.orders",
  version: "1.2.3",
  schemaUrl: "https://scope",
  attributes: { a: 1n },
};

/** A thread's dictionary, and another thread's reader of it. */
class Pair {
  readonly arena: Arena;
  readonly lane: number;
  readonly dictionary: ShapeDictionary;
  readonly shapes: ShapeReader;

  constructor(arena: Arena = createArena(), shapes: ShapeReader = new ShapeReader(arena)) {
    this.arena = arena;
    this.shapes = shapes;
    this.lane = takeThreadSlot(arena);
    this.dictionary = new ShapeDictionary(arena, this.lane);
  }

  shape(fields: Partial<ShapeInput> = {}): ShapeInput {
    return {
      scope: fields.scope ?? this.dictionary.defineScope(SCOPE, RESOURCE),
      severityNumber: 9,
      severityText: "INFO",
      body: "named",
      template: "User {user}",
      argumentCount: 0,
      keys: ["user"],
      ...fields,
    };
  }
}

test("a shape is found by its id, with scope and resource, as it was defined", () => {
  const pair = new Pair();
  const id = pair.dictionary.defineShape(
    pair.shape({ eventName: "user.seen", keys: ["user", "ключ", "__proto__"] }),
  );
  const shape = pair.shapes.find(pair.lane, id);
  expect(shape).toMatchObject({
    severityNumber: 9,
    severityText: "INFO",
    body: "named",
    template: "User {user}",
    argumentCount: 0,
    keys: ["user", "ключ", "__proto__"],
    eventName: "user.seen",
    scope: { ...SCOPE, resource: { ...RESOURCE, pending: false } },
  });
  expect(shape.parsed.pieces).toHaveLength(2);
  expect(pair.shapes.find(pair.lane, id)).toBe(shape);
});

test("what was not given is undefined, not null", () => {
  const pair = new Pair();
  const scope = pair.dictionary.defineScope({ name: "" }, { attributes: {} });
  const shape = pair.shapes.find(pair.lane, pair.dictionary.defineShape(pair.shape({ scope })));
  expect(shape.eventName).toBeUndefined();
  expect(shape.scope).toStrictEqual({
    name: "",
    version: undefined,
    schemaUrl: undefined,
    attributes: {},
    resource: { attributes: {}, schemaUrl: undefined, pending: false },
  });
});

test("ids count from 1, each thread's by themselves", () => {
  const first = new Pair();
  const second = new Pair(first.arena, first.shapes);
  const ids = [first, second].map((pair) =>
    [1, 2, 3].map((i) => pair.dictionary.defineShape(pair.shape({ template: `${i}` }))),
  );
  expect(ids).toStrictEqual([
    [1, 2, 3],
    [1, 2, 3],
  ]);
  expect(first.shapes.find(second.lane, 2).template).toBe("2");
});

test("scopes and resources that are alike are one object, whichever thread defined them", () => {
  const first = new Pair();
  const second = new Pair(first.arena, first.shapes);
  const [here, there, other] = [
    first.shapes.find(first.lane, first.dictionary.defineShape(first.shape())),
    first.shapes.find(second.lane, second.dictionary.defineShape(second.shape())),
    first.shapes.find(
      first.lane,
      first.dictionary.defineShape(
        first.shape({ scope: first.dictionary.defineScope({ name: "x" }, RESOURCE) }),
      ),
    ),
  ];
  expect(there.scope).toBe(here.scope);
  expect(other.scope).not.toBe(here.scope);
  expect(other.scope.resource).toBe(here.scope.resource);
});

test("forget() makes room for the next thread of the slot", () => {
  const pair = new Pair();
  pair.dictionary.defineShape(pair.shape({ template: "old" }));
  expect(pair.shapes.find(pair.lane, 1).template).toBe("old");
  pair.shapes.forget(pair.lane);
  expect(pair.shapes.find(pair.lane, 1).template).toBe("old");
});

test("find() of a shape that nobody has defined throws", () => {
  const pair = new Pair();
  expect(() => pair.shapes.find(pair.lane, 7)).toThrow("has not defined shape 7");
});

test("a definition that is too long travels inside the records; those after it are defined as before", () => {
  const pair = new Pair();
  const long = pair.shape({ keys: ["k".repeat(DEFINITION_BYTES_MAX)] });
  expect(pair.dictionary.defineShape(long)).toBe(0);
  expect(pair.dictionary.isFull).toBe(false);
  expect(pair.dictionary.defineShape(pair.shape())).toBe(1);
});

test("a dictionary is full when its thread has no block left, and says so", () => {
  const pair = new Pair();
  const scope = pair.dictionary.defineScope(SCOPE, RESOURCE);
  let id = 0;
  for (let i = 0; i < 1000; i++)
    id = pair.dictionary.defineShape(pair.shape({ scope, template: "x".repeat(4000) }));
  expect(id).toBe(0);
  expect(pair.dictionary.isFull).toBe(true);
  expect(pair.dictionary.shapeCount).toBeGreaterThan(300);
  expect(pair.dictionary.defineShape(pair.shape({ scope, template: "short" }))).toBe(0);
  expect(pair.shapes.find(pair.lane, pair.dictionary.shapeCount).template).toHaveLength(4000);
});

test("a scope and a resource that come when shapes have filled the dictionary have their ids", () => {
  const pair = new Pair();
  const scope = pair.dictionary.defineScope(SCOPE, RESOURCE);
  while (pair.dictionary.defineShape(pair.shape({ scope, template: "x".repeat(4000) })) !== 0);
  // Longer than what shapes have left of the last block.
  const late = pair.dictionary.defineScope(
    { name: "l".repeat(5000) },
    { attributes: { late: "l".repeat(5000) } },
  );
  expect(late.id).toBe(scope.id + 1);
  expect(late.resourceId).toBe(scope.resourceId + 1);
});

test("a scope that is too long has no id; one that is too large for any record does not throw", () => {
  const pair = new Pair();
  const long = { name: "n".repeat(DEFINITION_BYTES_MAX) };
  expect(pair.dictionary.defineScope(long, RESOURCE)).toMatchObject({ id: 0, ...long });
  const huge = { name: "x", attributes: { bytes: Buffer.alloc(17_000_000) } };
  expect(pair.dictionary.defineScope(huge, RESOURCE).id).toBe(0);
  expect(pair.dictionary.defineScope(SCOPE, RESOURCE).id).toBeGreaterThan(0);
});

test("a resource whose attributes are too long together arrives whole; a value that is too long alone is cut", () => {
  const pair = new Pair();
  const attributes: Record<string, unknown> = { "service.name": "shop", __proto__x: 1 };
  for (let i = 0; i < 40; i++) attributes[`label.${i}`] = `${i}`.repeat(500);
  attributes["command"] = "c".repeat(40_000);
  attributes["list"] = Array.from({ length: 40_000 }, () => 1);
  const scope = pair.dictionary.defineScope(SCOPE, { attributes, schemaUrl: "https://schema" });
  const other = pair.dictionary.defineScope(SCOPE, RESOURCE);
  const shapes = [scope, other].map((of) =>
    pair.shapes.find(pair.lane, pair.dictionary.defineShape(pair.shape({ scope: of }))),
  );
  expect(shapes[0]?.scope.resource).toStrictEqual({
    attributes: { ...attributes, command: "c".repeat(4096), list: "[Too large]" },
    schemaUrl: "https://schema",
    pending: false,
  });
  expect(shapes[1]?.scope.resource.attributes).toStrictEqual(RESOURCE.attributes);
});

test("`__proto__` is an attribute of a resource like any other", () => {
  const pair = new Pair();
  const attributes = Object.fromEntries([
    ["__proto__", "x"],
    ["service.name", "shop"],
  ]);
  const scope = pair.dictionary.defineScope(SCOPE, { attributes });
  const shape = pair.shapes.find(pair.lane, pair.dictionary.defineShape(pair.shape({ scope })));
  expect(Object.entries(shape.scope.resource.attributes)).toStrictEqual(Object.entries(attributes));
});

test("a resource is pending until its asynchronous attributes have come; scopes of records before have them, too", async () => {
  const pair = new Pair();
  const late = Promise.withResolvers<string>();
  const resource = resourceFromAttributes({ "service.name": "shop", "host.id": late.promise });
  const scope = pair.dictionary.defineScope(SCOPE, resource);
  const shape = pair.shapes.find(pair.lane, pair.dictionary.defineShape(pair.shape({ scope })));
  expect(shape.scope.resource).toMatchObject({ attributes: { "service.name": "shop" }, pending: true });
  expect(pair.shapes.hasPendingResource([pair.lane])).toBe(true);
  late.resolve("h1");
  await resource.waitForAsyncAttributes?.();
  await expect.poll(() => pair.shapes.hasPendingResource([pair.lane])).toBe(false);
  expect(shape.scope.resource).toMatchObject({
    attributes: { "service.name": "shop", "host.id": "h1" },
    pending: false,
  });
});

test("a resource whose asynchronous attributes fail is complete without them, and nothing is thrown", async () => {
  const pair = new Pair();
  const resource: ResourceInput = {
    attributes: { "service.name": "shop" },
    asyncAttributesPending: true,
    waitForAsyncAttributes: async () => await Promise.reject(new Error("no metadata service")),
  };
  const scope = pair.dictionary.defineScope(SCOPE, resource);
  pair.shapes.find(pair.lane, pair.dictionary.defineShape(pair.shape({ scope })));
  await expect.poll(() => pair.shapes.hasPendingResource([pair.lane])).toBe(false);
});

test("hasPendingResource() looks at the threads that it is told, and at no other", () => {
  const here = new Pair();
  const there = new Pair(here.arena, here.shapes);
  const never = new Promise<void>(() => {});
  const resource = {
    attributes: {},
    asyncAttributesPending: true,
    waitForAsyncAttributes: async () => await never,
  };
  there.dictionary.defineScope(SCOPE, resource);
  expect(here.shapes.hasPendingResource([])).toBe(false);
  expect(here.shapes.hasPendingResource([here.lane])).toBe(false);
  expect(here.shapes.hasPendingResource([here.lane, there.lane])).toBe(true);
});
