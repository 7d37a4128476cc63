/**
 * Who may import whom, as a table: what `oxlint.config.ts` enforces and `test/tidy.test.ts` tries to breach.
 * An area may import itself, `@opentelemetry/api`, types of the other `@opentelemetry` packages, and what its row lists.
 * A folder without a row may import nothing outside of itself, so a new area begins with a decision.
 */
import { posix } from "node:path";

/** One row: an area and everything outside of it that it may import. */
export interface Wall {
  /** Folders or files, relative to the root. */
  readonly areas: readonly string[];
  /** Product folders and files, relative to the root; `*` stands for one folder. */
  readonly modules: readonly string[];
  /** Specifiers of packages and of Node's own modules; `node:*` stands for all of those. */
  readonly packages: readonly string[];
  /** Whether code here may start a worker thread. */
  readonly startsThreads?: true;
}

const ERRORS = "src/errors.ts";
const DIAGNOSTICS = "src/diagnostics.ts";
const METRICS = "src/metrics";
const OWN_WORK = "src/own-work.ts";

/** What an option is: the vocabulary that handlers, exporters and configurations describe their options in. */
const OPTIONS = "src/options";

/** What an application can reach: the modules that `src/index.ts` and the other entry points are made of. */
const PUBLIC_MODULES: readonly string[] = [
  "src/record",
  "src/resource",
  OPTIONS,
  "src/logger",
  "src/handlers",
  "src/system",
  "src/formatters",
  "src/filters",
  "src/config",
  "src/bridges",
  "src/receiver",
  "src/testing",
  "processors/batch",
  "exporters",
  "proto",
  ERRORS,
  DIAGNOSTICS,
  METRICS,
  OWN_WORK,
];

const ENTRY_POINTS: readonly string[] = [
  "src/bridges",
  "src/receiver",
  "src/register",
  "src/plugin",
  "src/lint",
  "src/testing",
  "src/cli",
  "src/viewer",
];

const WORKER_MODULES: readonly string[] = [
  "src/record",
  "processors/queue",
  "processors/shape",
  "src/filters/rules",
  "src/formatters",
  ERRORS,
];

export const WALLS: readonly Wall[] = [
  { areas: ["src/record", ERRORS], modules: [], packages: [] },
  { areas: [OWN_WORK], modules: [], packages: ["node:async_hooks"] },
  { areas: [DIAGNOSTICS], modules: [ERRORS, OWN_WORK], packages: ["node:*"] },
  { areas: [METRICS], modules: ["exporters/otlp-grpc/status.ts", ERRORS], packages: [] },
  { areas: [OPTIONS], modules: ["src/record", DIAGNOSTICS, ERRORS], packages: ["node:path", "node:url"] },
  { areas: ["processors/queue"], modules: [ERRORS], packages: ["node:worker_threads"] },
  { areas: ["processors/shape"], modules: ["src/record", "processors/queue"], packages: [] },
  // A body is text in OTLP too, and JSON is JSON: rendered by the same code.
  {
    areas: ["proto"],
    modules: [
      "src/record",
      OPTIONS,
      "processors/shape",
      "src/formatters/body.ts",
      "src/formatters/body-value.ts",
      "src/formatters/json-value.ts",
      "src/formatters/numbers.ts",
    ],
    packages: ["protobufjs", "protobufjs/**"],
  },
  // Formats of others name the machine.
  {
    areas: ["src/formatters"],
    modules: ["src/record", OPTIONS, "processors/shape", ERRORS],
    packages: ["node:os"],
  },
  {
    areas: ["src/filters"],
    modules: ["src/record", OPTIONS, "processors/shape", ERRORS],
    packages: ["node:fs", "node:path", "node:url"],
  },
  // What of a filter travels to a handler's thread: without the options' tables, which that thread has no use for.
  { areas: ["src/filters/rules"], modules: ["src/record", "processors/shape"], packages: [] },
  {
    areas: ["src/logger"],
    modules: [
      "src/record",
      "src/filters",
      "processors/shape",
      "processors/queue/arena.ts",
      "processors/queue/counters.ts",
      DIAGNOSTICS,
      ERRORS,
    ],
    packages: ["node:async_hooks"],
  },
  {
    areas: ["exporters"],
    modules: ["src/record", OPTIONS, "processors/shape", "src/formatters", "proto", DIAGNOSTICS, ERRORS],
    packages: ["node:*", "undici", "undici/**", "@grpc/grpc-js"],
  },
  // What a handler marries in a thread of its own, the exporters for the OpenTelemetry SDK marry where they are called.
  {
    areas: ["exporters/*/*-exporter.ts", "exporters/otlp-file", "exporters/stock"],
    modules: [
      "src/record",
      OPTIONS,
      "processors/shape",
      "processors/worker/*-registry.ts",
      "processors/worker/compress-thread.ts",
      "processors/worker/headers-module.ts",
      "processors/worker/source-compressing.generated.ts",
      "exporters/byte-sink.ts",
      "exporters/otlp-file",
      "exporters/otlp-http",
      "exporters/sender.ts",
      "exporters/rotating",
      "exporters/stock",
      "exporters/stream",
      "src/handlers/*-choice.ts",
      "src/handlers/never-block.ts",
      "src/handlers/opened-once.ts",
      "src/handlers/rotation-schedule.ts",
      "src/formatters",
      "proto",
      DIAGNOSTICS,
      ERRORS,
    ],
    packages: ["node:*"],
  },
  // What a sink and a sender are it knows, which there are it does not.
  {
    areas: ["processors/worker"],
    modules: [
      ...WORKER_MODULES,
      "exporters/byte-sink.ts",
      "exporters/sender.ts",
      "exporters/tls-settings.ts",
      "exporters/*/options.ts",
    ],
    packages: ["node:*"],
    startsThreads: true,
  },
  // The one place where a worker gets to know the exporters. One module a kind of worker, so that file handlers
  // need not carry undici.
  {
    areas: ["processors/worker/*registry*.ts"],
    modules: [...WORKER_MODULES, "exporters", "proto"],
    packages: ["node:*"],
    startsThreads: true,
  },
  {
    areas: ["processors/batch"],
    modules: [
      "src/record",
      OPTIONS,
      "processors/queue",
      "processors/shape",
      "src/filters",
      // All of it: without threads the same consumers run on the application's.
      "processors/worker",
      DIAGNOSTICS,
      METRICS,
      OWN_WORK,
      ERRORS,
    ],
    packages: ["node:*"],
  },
  {
    areas: ["src/handlers"],
    modules: [
      "processors/batch",
      "processors/shape",
      "processors/worker/source-blocking.generated.ts",
      "processors/worker/source-network.generated.ts",
      "processors/worker/source-grpc.generated.ts",
      "processors/worker/unpack-source.ts",
      "processors/worker/formatter-registry.ts",
      "processors/worker/function-formatter.ts",
      "processors/worker/protocol.ts",
      "processors/worker/error-type.ts",
      "exporters/*/options.ts",
      "exporters/file/make-folders.ts",
      "exporters/pem-fault.ts",
      "exporters/tls-options.ts",
      "exporters/tls-settings.ts",
      "exporters/rotating/hooks.ts",
      "exporters/stream/write-stream.ts",
      "src/formatters",
      "src/filters",
      "src/record",
      OPTIONS,
      DIAGNOSTICS,
      ERRORS,
    ],
    packages: ["node:*"],
  },
  // What a process finds out of itself.
  { areas: ["src/resource"], modules: ["src/record", OPTIONS, DIAGNOSTICS, ERRORS], packages: ["node:*"] },
  // Where loggers, handlers and the thread's recorder become a logging system.
  {
    areas: ["src/system"],
    modules: [
      "processors/batch",
      "processors/queue",
      "processors/shape",
      "processors/worker/decoded-record.ts",
      "processors/worker/import-module.ts",
      "src/handlers",
      "src/formatters",
      "src/logger",
      "src/record",
      "src/resource",
      OPTIONS,
      DIAGNOSTICS,
      METRICS,
      OWN_WORK,
      ERRORS,
    ],
    packages: ["node:*"],
  },
  {
    areas: ["src/config"],
    modules: [
      "src/record",
      "src/resource",
      "src/system",
      "src/handlers",
      "src/formatters",
      "src/filters",
      "src/logger",
      OPTIONS,
      DIAGNOSTICS,
      ERRORS,
    ],
    packages: ["node:*", "yaml"],
  },
  {
    areas: ENTRY_POINTS,
    modules: PUBLIC_MODULES,
    packages: ["node:*", "undici", "@grpc/grpc-js", "protobufjs", "protobufjs/**"],
  },
  // A bridge stands on the library that it bridges, and a record has the time of the call.
  {
    areas: ["src/bridges"],
    modules: [...PUBLIC_MODULES, "processors/shape/clock.ts"],
    packages: ["node:*", "winston"],
  },
  {
    areas: ["src/index.ts"],
    modules: [
      ...PUBLIC_MODULES,
      "src/register",
      "processors/queue/counters.ts",
      "processors/shape/renderer.ts",
    ],
    packages: [],
  },
];

/** Folders that hold product code: what is not named in a row above is walled in completely. */
const PRODUCT_FOLDERS: readonly string[] = ["src", "processors", "exporters", "proto"];

interface RestrictedPath {
  readonly name: string;
  readonly importNames: string[];
  readonly message: string;
}

interface RestrictedPattern {
  readonly group?: string[];
  readonly regex?: string;
  readonly allowTypeImports?: boolean;
  readonly message: string;
}

/** An entry for `overrides` of the linter's configuration. */
export interface WallOverride {
  files: string[];
  rules: {
    "no-restricted-imports": ["error", { paths: RestrictedPath[]; patterns: RestrictedPattern[] }];
  };
}

const ONLY_WORKER_STARTS_THREADS: RestrictedPath = {
  name: "node:worker_threads",
  importNames: ["Worker"],
  message: "Only processors/worker starts a thread.",
};

const ONLY_API_STATICALLY: RestrictedPattern = {
  regex: "^@opentelemetry/(?:api-|[b-z])",
  allowTypeImports: true,
  message:
    "Only @opentelemetry/api is imported statically, the others cost start-up time: import types, or import() when used.",
};

/** The specifier by which a file in `folder` imports `module`, as a pattern. */
function specifierPattern(folder: string, module: string): string {
  const path = posix.relative(folder, module);
  const relativePath = path.startsWith("../") ? path : `./${path}`;
  return module.endsWith(".ts") ? relativePath : `${relativePath}/**`;
}

/**
 * An override for the files that lie directly in `folder`.
 * Order matters: a pattern that lets a specifier pass ends the search, so prohibitions come before the list of permits.
 */
function overrideFor(
  files: string,
  folder: string,
  wall: Wall,
  ownPatterns: readonly string[],
): WallOverride {
  const permitted = [
    ...ownPatterns,
    ...wall.modules.map((module) => specifierPattern(folder, module)),
    ...wall.packages,
    // A star ends at a slash: "node:fs/promises".
    ...(wall.packages.includes("node:*") ? ["node:*/*"] : []),
    "@opentelemetry/*",
  ];
  const readable = [...wall.modules, ...wall.packages].join(", ");
  return {
    files: [files],
    rules: {
      "no-restricted-imports": [
        "error",
        {
          paths: wall.startsThreads ? [] : [ONLY_WORKER_STARTS_THREADS],
          patterns: [
            ONLY_API_STATICALLY,
            {
              group: ["**", ...permitted.map((pattern) => `!${pattern}`)],
              message: `${wall.areas.join(", ")} may import ${readable || "nothing else"} (scripts/import-walls.ts).`,
            },
          ],
        },
      ],
    },
  };
}

/** Overrides for one area: its files, and those one folder further down, where a module's own area begins at `../`. */
function overridesForArea(area: string, wall: Wall): WallOverride[] {
  if (area.includes("*")) return [overrideFor(area, posix.dirname(area), wall, ["./**"])];
  if (area.endsWith(".ts")) return [overrideFor(area, posix.dirname(area), wall, [])];
  return [
    overrideFor(`${area}/*`, area, wall, ["./**"]),
    overrideFor(`${area}/*/**`, `${area}/x`, wall, ["./**", "../[a-z]*", "../[a-z]*/**"]),
  ];
}

/** All walls as `overrides`. Later ones win: strangers first, then the rows in their order. */
export function wallOverrides(): WallOverride[] {
  const strangers: Wall = { areas: ["A folder without a row"], modules: [], packages: [] };
  return [
    ...PRODUCT_FOLDERS.map((folder) => overrideFor(`${folder}/**`, folder, strangers, ["./**"])),
    ...WALLS.flatMap((wall) => wall.areas.flatMap((area) => overridesForArea(area, wall))),
  ];
}
