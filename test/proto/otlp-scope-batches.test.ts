import { expect, test } from "vitest";

import { ScopeBatches } from "../../proto/scope-batches.ts";
import type { ResourceDefinition, ScopeDefinition } from "../../processors/shape/shape.ts";
import { resourceOf, scopeOf } from "./otlp-records.ts";

/** Batches whose envelopes are the names of what they are of; `written` lists those that have been asked for. */
function makeBatches(): { batches: ScopeBatches; written: string[] } {
  const written: string[] = [];
  const envelopeOf = (name: string): { head: Uint8Array; tail: Uint8Array } => {
    written.push(name);
    return { head: Buffer.from(name), tail: Buffer.alloc(0) };
  };
  const batches = new ScopeBatches({
    scope: (scope: ScopeDefinition) => envelopeOf(scope.name),
    resource: (resource: ResourceDefinition) => envelopeOf(String(resource.attributes["name"])),
  });
  return { batches, written };
}

test("batchOf() gives one batch for a scope, its envelope written once", () => {
  const { batches, written } = makeBatches();
  const scope = scopeOf("a");
  expect(batches.batchOf(scope)).toBe(batches.batchOf(scope));
  expect(batches.batchOf(scopeOf("a"))).not.toBe(batches.batchOf(scope));
  expect(written).toEqual(["a", "a"]);
});

test("close() takes the buffers back, emptied, for the next open()", () => {
  const { batches } = makeBatches();
  const batch = batches.batchOf(scopeOf("a"));
  const out = batches.open(batch);
  out.text("record");
  expect(batches.isEmpty).toBe(false);
  batches.close();
  expect(batches.isEmpty).toBe(true);
  expect(batch.out).toBeUndefined();
  expect(batches.open(batches.batchOf(scopeOf("b")))).toBe(out);
  expect(out.at).toBe(0);
});

test("close() keeps 4 buffers, however many scopes a batch had", () => {
  const { batches } = makeBatches();
  const scopes = Array.from({ length: 10 }, (_, n) => batches.batchOf(scopeOf(`s${n}`)));
  const first = new Set(scopes.map((batch) => batches.open(batch)));
  expect(first.size).toBe(10);
  batches.close();
  const second = scopes.map((batch) => batches.open(batch));
  expect(new Set(second).size).toBe(10);
  expect(second.filter((out) => first.has(out))).toHaveLength(4);
});

test("groups() writes the envelope of a complete resource once, of a pending one each time", () => {
  const { batches, written } = makeBatches();
  const complete = batches.batchOf(scopeOf("a", { resource: resourceOf({ name: "complete" }) }));
  const pending = batches.batchOf(
    scopeOf("b", { resource: resourceOf({ name: "pending" }, { pending: true }) }),
  );
  written.length = 0;
  for (let round = 0; round < 2; round++) {
    batches.open(complete);
    batches.open(pending);
    expect(batches.groups().map((group) => Buffer.from(group.envelope.head).toString())).toEqual([
      "complete",
      "pending",
    ]);
    batches.close();
  }
  expect(written).toEqual(["complete", "pending", "pending"]);
});
