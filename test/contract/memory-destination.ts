import { type FemtoHandler, FemtoMemoryHandler } from "../../src/index.ts";
import type { DestinationKind } from "./destination.ts";
import { FILE, INLINE_FILE } from "./destinations.ts";
import { HTTP_LINES, OTLP_HTTP } from "./network-destinations.ts";

const KEPT_COUNT = 100;

/** A memory handler before a destination of this kind. */
function keepingBefore(kind: DestinationKind): DestinationKind {
  return {
    ...kind,
    name: `${kind.name}, behind a memory handler`,
    keptCount: KEPT_COUNT,
    open: async (options, isStalled) => {
      const destination = await kind.open(options, isStalled);
      const target = destination.handler as FemtoHandler;
      return { ...destination, handler: new FemtoMemoryHandler({ target, capacity: KEPT_COUNT }) };
    },
  };
}

export const KEPT_FILE: DestinationKind = keepingBefore(FILE);
export const KEPT_INLINE_FILE: DestinationKind = keepingBefore(INLINE_FILE);
export const KEPT_OTLP_HTTP: DestinationKind = keepingBefore(OTLP_HTTP);
export const KEPT_HTTP_LINES: DestinationKind = keepingBefore(HTTP_LINES);
