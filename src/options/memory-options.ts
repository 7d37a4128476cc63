/** A handler that can keep its records: those of this package. */
export interface KeepingHandler {
  keep(settings: {
    readonly capacity: number;
    readonly flushLevel: number;
    readonly flushOnClose: boolean;
  }): void;
}

function canKeep(value: unknown): value is KeepingHandler {
  return typeof value === "object" && value !== null && "keep" in value && typeof value.keep === "function";
}

/** What `FemtoMemoryHandler` takes. */
export const MEMORY_HANDLER_OPTIONS = {
  target: {
    type: "custom",
    expected: "a handler of this package, made for this one alone",
    accepts: (value: unknown): value is KeepingHandler => canKeep(value),
    required: true,
    description:
      "The handler that delivers the records. It keeps them in its own queue, so whatever else is logged to it directly is kept too.",
  },
  capacity: {
    type: "integer",
    unit: "records",
    default: 1_000,
    minimum: 1,
    maximum: 1_000_000,
    description:
      "So many records are delivered together, whatever their level. They are delivered earlier when they fill the target's `maxExportBatchBytes`, or three quarters of its `queueBytes`.",
  },
  flushLevel: {
    type: "level",
    default: "ERROR",
    description: "A record of this level or above is delivered at once, with all that were kept before it.",
  },
  flushOnClose: {
    type: "boolean",
    default: true,
    description:
      "Whether `shutdown()` delivers what is kept. `false`: it is left out then, and counted as `filtered`. The end of the process always delivers it.",
  },
} as const;
