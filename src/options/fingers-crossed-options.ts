/** What `withFingersCrossed()` takes. */
export const FINGERS_CROSSED_OPTIONS = {
  level: {
    type: "level",
    default: "ERROR",
    description:
      "A record of this level or above lets go of all that were kept before it. OFF: only an error of the work does.",
  },
  capacity: {
    type: "integer",
    unit: "records",
    default: 1_000,
    minimum: 1,
    maximum: 1_000_000,
    description: "Records kept for one piece of work; the oldest are left out for newer ones.",
  },
  capacityBytes: {
    type: "integer",
    unit: "bytes",
    default: 1_048_576,
    minimum: 1_024,
    maximum: 1_073_741_824,
    description:
      "The same in bytes of the records as they are kept: some 100 for a record with a few attributes.",
  },
} as const;
