import { AsyncLocalStorage } from "node:async_hooks";
import { BoundAttributes } from "../../processors/shape/bound-attributes.ts";
import { RecordEncoder } from "../../processors/shape/encoder.ts";

const storage = new AsyncLocalStorage<BoundAttributes>();
let isUsed = false;
/** One for each level of re-entrance: a value may open a context while it is copied. */
const encoders: RecordEncoder[] = [];
let depth = 0;

/**
 * Runs `work` with attributes that every record made inside gets, by any logger of this thread, also after `await`. Inner
 * contexts add to outer ones; attributes of the call and of `with` win. The values are copied now.
 *
 * @returns What `work` returns.
 */
export function withContext<T>(attributes: Readonly<Record<string, unknown>>, work: () => T): T {
  isUsed = true;
  return storage.run(bind(attributes), work);
}

function bind(attributes: Readonly<Record<string, unknown>>): BoundAttributes {
  const encoder = (encoders[depth] ??= new RecordEncoder());
  depth++;
  try {
    return BoundAttributes.of(attributes, { encoder, parent: storage.getStore() });
  } finally {
    depth--;
  }
}

/** The attributes of the context the caller runs in. Costs nothing while nobody uses contexts. */
export function contextAttributes(): BoundAttributes | undefined {
  return isUsed ? storage.getStore() : undefined;
}
