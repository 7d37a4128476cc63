import type { Attributes } from "@opentelemetry/api";
import type { MeteredHandler } from "./metered.ts";

/** What every observation of a handler says of it. */
export interface ComponentAttributes {
  readonly processor: Attributes;
  readonly exporter: Attributes;
}

/** The queue of a handler is the batch processor of the specification. */
const PROCESSOR_TYPE = "batching_log_processor";

const counts = new Map<string, number>();
const known = new WeakMap<MeteredHandler, ComponentAttributes>();

/**
 * The attributes of a handler's two components, the same each time: their names are the type and a number from 0, as they come.
 * @see Semantic conventions, otel.component.name
 */
export function componentAttributes(handler: MeteredHandler): ComponentAttributes {
  const before = known.get(handler);
  if (before !== undefined) return before;
  const { type, address, port } = handler.exporter;
  const attributes: ComponentAttributes = {
    processor: named(PROCESSOR_TYPE, handler.name),
    exporter: {
      ...named(type, handler.name),
      ...(address === undefined ? {} : { "server.address": address }),
      ...(port === undefined ? {} : { "server.port": port }),
    },
  };
  known.set(handler, attributes);
  return attributes;
}

function named(type: string, handlerName: string): Attributes {
  const index = counts.get(type) ?? 0;
  counts.set(type, index + 1);
  return {
    "otel.component.type": type,
    "otel.component.name": `${type}/${index}`,
    "femtologging.handler.name": handlerName,
  };
}
