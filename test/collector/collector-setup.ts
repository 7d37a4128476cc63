import type { TestProject } from "vitest/node";

import { findCollector } from "../../scripts/build-collector.ts";

declare module "vitest" {
  export interface ProvidedContext {
    /** Path of the collector's program. */
    otelcol: string;
  }
}

/** Runs once before the tests: builds the collector where this machine has none yet. */
export async function setup(project: TestProject): Promise<void> {
  project.provide("otelcol", await findCollector());
}
