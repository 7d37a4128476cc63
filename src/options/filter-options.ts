/** What the built-in filters take. `filters` itself, which every handler takes, is in processor-options.ts. */

/** A regular expression, or its source and flags, as a configuration file has them. */
export type GivenPattern = RegExp | { readonly source: string; readonly flags?: string };

/** A value that an attribute can be compared with, or several. */
export type GivenScalars = Scalar | readonly Scalar[];

type Scalar = string | number | bigint | boolean | null;

const SCALAR_TYPES: readonly string[] = ["string", "number", "bigint", "boolean"];

function isScalar(value: unknown): value is Scalar {
  return value === null || SCALAR_TYPES.includes(typeof value);
}

function isScalars(value: unknown): value is GivenScalars {
  return Array.isArray(value) ? value.length > 0 && value.every(isScalar) : isScalar(value);
}

/** True for a regular expression, and for a source and flags that make one. */
function isPattern(value: unknown): value is GivenPattern {
  if (value instanceof RegExp) return true;
  if (typeof value !== "object" || value === null) return false;
  const { source, flags = "" } = value as { readonly source?: unknown; readonly flags?: unknown };
  if (typeof source !== "string" || typeof flags !== "string") return false;
  try {
    return new RegExp(source, flags) instanceof RegExp;
  } catch {
    return false;
  }
}

function isKeys(value: unknown): value is boolean | readonly string[] {
  if (typeof value === "boolean") return true;
  return Array.isArray(value) && value.every((key) => typeof key === "string");
}

/** For filters that know some records. */
const ACTING = {
  action: {
    type: "enum",
    values: ["keep", "drop"],
    default: "keep",
    description: "`keep` lets only the records pass that the filter is about, `drop` only the others.",
  },
} as const;

const MATCHING = {
  pattern: {
    type: "custom",
    expected: "a regular expression, or { source, flags }",
    accepts: (value: unknown): value is GivenPattern => isPattern(value),
    computedDefault: "none",
    description:
      "A regular expression that the text matches somewhere. It begins at the start for every record, also with `g` or `y`. One that takes exponential time on some text holds up the thread it runs on: of untrusted texts use `contains`, or a pattern without nested repetition.",
  },
} as const;

/** For filters that thin out. */
const KEEPING_ERRORS = {
  keepSeverity: {
    type: "level",
    default: "ERROR",
    description: "Records of this level and above always pass and are not counted. OFF: there are none.",
  },
} as const;

/** For filters that count. */
const KEEPING_NONE = {
  keepSeverity: {
    type: "level",
    default: "OFF",
    description: "Records of this level and above always pass and are not counted. OFF: there are none.",
  },
} as const;

const COUNTING = {
  keysMax: {
    type: "integer",
    default: 1_000,
    minimum: 1,
    maximum: 100_000,
    description:
      "Kinds of records that are told apart at a time. One more makes the filter forget the oldest, whose summary goes out at once.",
  },
  summary: {
    type: "boolean",
    default: true,
    description:
      "Whether a record tells of what was left out: how often (`repeated.count`), from when (`repeated.first`) to when (`repeated.last`). It goes out before the next record of its kind that passes, when the time is over, and with every flush.",
  },
} as const;

/** `FemtoLevelFilter`. */
export const LEVEL_FILTER_OPTIONS = {
  minimum: {
    type: "level",
    default: "NOTSET",
    atMost: "maximum",
    description: "Records below this level are left out.",
  },
  maximum: {
    type: "level",
    default: "OFF",
    description:
      "Records above this level are left out. A level is its severity number: INFO2 (10) is above INFO (9).",
  },
} as const;

const NAME_OPTIONS = {
  name: {
    type: "string",
    required: true,
    description:
      "The logger whose records the filter is about, and all loggers below it: `shop` is also `shop.cart`, not `shopping`. An empty name is all loggers.",
  },
} as const;

/** `FemtoNameFilter`. */
export const NAME_FILTER_OPTIONS: typeof NAME_OPTIONS & typeof ACTING = {
  ...NAME_OPTIONS,
  ...ACTING,
};

const MESSAGE_OPTIONS = {
  contains: {
    type: "string",
    notEmpty: true,
    computedDefault: "none",
    excludes: ["pattern"],
    description: "A text that the message contains, its holes filled. A body that is no text contains none.",
  },
  ignoreCase: {
    type: "boolean",
    default: false,
    description: "Whether upper and lower case are the same.",
  },
} as const;

/** `FemtoMessageFilter`. */
export const MESSAGE_FILTER_OPTIONS: typeof MESSAGE_OPTIONS & typeof MATCHING & typeof ACTING = {
  ...MESSAGE_OPTIONS,
  ...MATCHING,
  ...ACTING,
};

const ATTRIBUTE_OPTIONS = {
  key: {
    type: "string",
    required: true,
    notEmpty: true,
    description: "The key of the attribute. A record without it is none that the filter is about.",
  },
  value: {
    type: "custom",
    expected: "a text, number, bigint, boolean or null, or a list of them",
    accepts: (value: unknown): value is GivenScalars => isScalars(value),
    computedDefault: "any value",
    excludes: ["pattern"],
    description: "The value of the attribute, or a list of which it has one.",
  },
} as const;

/** `FemtoAttributeFilter`. */
export const ATTRIBUTE_FILTER_OPTIONS: typeof ATTRIBUTE_OPTIONS & typeof MATCHING & typeof ACTING = {
  ...ATTRIBUTE_OPTIONS,
  ...MATCHING,
  ...ACTING,
};

const SAMPLING_OPTIONS = {
  ratio: {
    type: "number",
    default: 1,
    minimum: 0,
    maximum: 1,
    description:
      "The share of the records that passes. Records of a trace pass or fail together, by the random part of the trace id, in every process; records without a trace one by one.",
  },
  by: {
    type: "enum",
    values: ["ratio", "trace"],
    default: "ratio",
    description:
      "`ratio`: the share of all records. `trace`: records of traces that are sampled pass, those of other traces do not.",
  },
  withoutTrace: {
    type: "enum",
    values: ["keep", "drop", "ratio"],
    default: "keep",
    description: "With `by` `trace`: what becomes of records without a trace; `ratio` takes a share of them.",
  },
} as const;

/** `FemtoSamplingFilter`. */
export const SAMPLING_FILTER_OPTIONS: typeof SAMPLING_OPTIONS & typeof KEEPING_ERRORS = {
  ...SAMPLING_OPTIONS,
  ...KEEPING_ERRORS,
};

const RATE_LIMIT_OPTIONS = {
  count: {
    type: "integer",
    unit: "records",
    required: true,
    minimum: 1,
    maximum: 1_000_000_000,
    description: "Records of a kind that pass in an interval.",
  },
  intervalMillis: {
    type: "integer",
    unit: "ms",
    default: 1_000,
    minimum: 1,
    maximum: 2_147_483_647,
    description:
      "The interval. It begins with the first record of a kind after the last one has ended, by the time at which records are logged.",
  },
  burst: {
    type: "integer",
    unit: "records",
    computedDefault: "`count`",
    minimum: 1,
    maximum: 1_000_000_000,
    description:
      "Records of a kind that pass at once after a quiet time, in which what was not used is saved up. Less than `count` is `count`.",
  },
  per: {
    type: "enum",
    values: ["template", "logger", "all"],
    default: "template",
    description:
      "What is a kind: the records of a logger with the same template (without one: the same event name, else the same body), all of a logger, or all together.",
  },
  attribute: {
    type: "string",
    notEmpty: true,
    computedDefault: "none",
    description: "An attribute by whose values records are told apart too, such as `tenant`.",
  },
} as const;

/** `FemtoRateLimitFilter`. */
export const RATE_LIMIT_FILTER_OPTIONS: typeof RATE_LIMIT_OPTIONS & typeof COUNTING & typeof KEEPING_NONE = {
  ...RATE_LIMIT_OPTIONS,
  ...COUNTING,
  ...KEEPING_NONE,
};

const DEDUP_OPTIONS = {
  windowMillis: {
    type: "integer",
    unit: "ms",
    default: 5_000,
    minimum: 1,
    maximum: 2_147_483_647,
    description: "How long after a record its like are left out.",
  },
  attributes: {
    type: "custom",
    expected: "true, false, or a list of keys",
    accepts: (value: unknown): value is boolean | readonly string[] => isKeys(value),
    default: true,
    description:
      "Records are alike that have the same logger, level, event name and body, and the same attributes: all (`true`), none (`false`), or those of some keys.",
  },
} as const;

/** `FemtoDedupFilter`. */
export const DEDUP_FILTER_OPTIONS: typeof DEDUP_OPTIONS & typeof COUNTING & typeof KEEPING_NONE = {
  ...DEDUP_OPTIONS,
  ...COUNTING,
  ...KEEPING_NONE,
};
