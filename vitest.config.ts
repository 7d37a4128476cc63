import { defineConfig, type ViteUserConfig } from "vitest/config";

/** Tests of what is published: they run the built package in processes of their own. */
const DIST_TESTS: string[] = ["test/{package,examples,bench,bundlers,next}/**/*.test.ts"];
/** Builds and runs of whole applications: two minutes, with `npm run test:bundlers`. */
const BUNDLER_TESTS: string[] = ["test/bundlers/**/*.test.ts"];
/** Installs and builds an application of Next.js: with `npm run test:next`. */
const NEXT_TESTS: string[] = ["test/next/**/*.test.ts"];
/** All programs that measure, tiny: minutes of their own, with `npm run test:bench`. */
const BENCH_TESTS: string[] = [
  "test/bench/{smoke,decisions,destinations,latency,outage,picologging,scenarios,soak,threads}.test.ts",
];
/** A real OpenTelemetry Collector, which has to be built: `npm run test:collector`. */
const COLLECTOR_TESTS: string[] = ["test/collector/**/*.test.ts"];
/** How processes end, with each handler: a minute and a half, with `npm run test:exit`. */
const EXIT_TESTS: string[] = ["test/exit/**/*.test.ts"];
/** 100,000 random records through everything: a minute of its own, with `npm run test:fuzz`. */
const FUZZ_TESTS: string[] = ["test/fuzz/**/*.test.ts"];

const config: ViteUserConfig = defineConfig({
  test: {
    // Tests start threads, exit hooks and whole processes: each file gets a process of its own.
    pool: "forks",
    // They wait more than they work.
    maxWorkers: 3,
    projects: [
      {
        extends: true,
        test: {
          name: "source",
          include: ["test/**/*.test.ts"],
          exclude: [...EXIT_TESTS, ...DIST_TESTS, ...COLLECTOR_TESTS, ...FUZZ_TESTS],
          globalSetup: ["test/support/global-setup.ts"],
          setupFiles: ["test/support/property-seed.ts"],
          testTimeout: 30_000,
          hookTimeout: 60_000,
          typecheck: {
            enabled: true,
            include: ["test/types/**/*.test-d.ts"],
            // Errors outside of the type tests are the business of `npm run check:types`.
            ignoreSourceErrors: true,
          },
        },
      },
      {
        extends: true,
        test: {
          name: "dist",
          include: DIST_TESTS,
          exclude: [...BENCH_TESTS, ...BUNDLER_TESTS, ...NEXT_TESTS],
          globalSetup: ["test/support/dist-setup.ts"],
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
      {
        extends: true,
        test: {
          name: "bundlers",
          include: BUNDLER_TESTS,
          globalSetup: ["test/support/dist-setup.ts"],
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
      {
        extends: true,
        test: {
          name: "exit",
          include: EXIT_TESTS,
          globalSetup: ["test/support/global-setup.ts"],
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      {
        extends: true,
        test: {
          name: "next",
          include: NEXT_TESTS,
          globalSetup: ["test/support/dist-setup.ts"],
          testTimeout: 600_000,
          hookTimeout: 120_000,
        },
      },
      {
        extends: true,
        test: {
          name: "bench",
          include: BENCH_TESTS,
          globalSetup: ["test/support/dist-setup.ts"],
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
      {
        extends: true,
        test: {
          name: "fuzz",
          include: FUZZ_TESTS,
          globalSetup: ["test/support/global-setup.ts"],
          setupFiles: ["test/support/property-seed.ts"],
          testTimeout: 120_000,
          hookTimeout: 60_000,
        },
      },
      {
        extends: true,
        test: {
          name: "collector",
          include: COLLECTOR_TESTS,
          globalSetup: ["test/support/global-setup.ts", "test/collector/collector-setup.ts"],
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
    ],
  },
});

export default config;
