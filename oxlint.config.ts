import { defineConfig, type OxlintConfig } from "oxlint";

import { wallOverrides } from "./scripts/import-walls.ts";

const config: OxlintConfig = defineConfig({
  plugins: ["typescript", "unicorn", "oxc", "import", "promise", "node"],
  categories: { correctness: "error", suspicious: "error" },
  options: { typeAware: true },
  ignorePatterns: ["dist", "coverage", "**/*.generated.ts"],
  rules: {
    // Sizes. Files are mostly 60 to 250 lines, functions 4 to 12: these are the stops.
    "max-lines": ["error", { max: 400 }],
    "max-lines-per-function": ["error", { max: 60 }],
    "max-params": ["error", { max: 4 }],
    "max-depth": ["error", { max: 4 }],

    // Node's ports have no target origin, and a then() that ends a chain has nothing to return.
    "unicorn/require-post-message-target-origin": "off",
    "promise/always-return": "off",

    // Modules.
    "import/no-cycle": "error",
    "import/no-default-export": "error",
    "import/no-self-import": "error",
    "typescript/consistent-type-imports": "error",
    "unicorn/filename-case": ["error", { case: "kebabCase" }],
    "unicorn/prefer-node-protocol": "error",

    // Promises: each is awaited, returned, or marked with `void`.
    "typescript/await-thenable": "error",
    "typescript/no-floating-promises": "error",
    "typescript/no-misused-promises": "error",
    "typescript/return-await": ["error", "error-handling-correctness-only"],

    // Types.
    "typescript/no-explicit-any": "error",
    "typescript/no-non-null-assertion": "error",
    "typescript/only-throw-error": "error",
    "typescript/prefer-readonly": "error",
    "typescript/switch-exhaustiveness-check": ["error", { considerDefaultExhaustiveForUnions: true }],

    // Habits.
    eqeqeq: "error",
    "no-console": "error",
    "no-shadow": "error",
    "no-unused-vars": ["error", { argsIgnorePattern: "^_", varsIgnorePattern: "^_" }],
    "no-var": "error",
    "no-warning-comments": ["error", { terms: ["todo", "fixme", "xxx"], location: "start" }],
    "prefer-const": "error",

    // Off: bytes become typed values by checked casts, here more often than elsewhere.
    "typescript/no-unsafe-type-assertion": "off",
    // Off: a switch over all members of a union returns from each, which the compiler checks better.
    "typescript/consistent-return": "off",
    // Off: a value of the caller may be a boxed primitive, and only `instanceof` tells.
    "unicorn/no-instanceof-builtins": "off",
    // Off: control characters are what escaping is about.
    "no-control-regex": "off",
    // Off: a leading underscore marks what has to be named and is not read.
    "no-underscore-dangle": "off",
    // Off: a helper stands where it is used.
    "unicorn/consistent-function-scoping": "off",
  },
  overrides: [
    ...wallOverrides(),
    {
      files: ["examples/**"],
      rules: {
        "no-restricted-imports": [
          "error",
          {
            patterns: [
              {
                group: ["../**"],
                message: 'An example imports "femtologging" by its name, as its readers do.',
              },
            ],
          },
        ],
      },
    },
    // Express 5 awaits its handlers.
    { files: ["examples/frameworks/**"], rules: { "oxc/no-async-endpoint-handlers": "off" } },
    {
      files: ["bench/**", "examples/**", "scripts/**", "src/cli/**", "test/bridges/**"],
      rules: { "no-console": "off" },
    },
    {
      // Indexes into typed arrays are in bounds by construction here, and a check would cost more than the read.
      files: ["processors/**", "proto/**", "src/formatters/**"],
      rules: { "typescript/no-non-null-assertion": "off" },
    },
    {
      files: ["bench/**", "test/**"],
      rules: { "max-lines-per-function": "off", "typescript/no-non-null-assertion": "off" },
    },
    { files: ["*.config.ts"], rules: { "import/no-default-export": "off" } },
  ],
});

export default config;
