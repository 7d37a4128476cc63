import { buildWorkers } from "../../scripts/build-worker.ts";

/** Runs once before all tests of the sources: the workers must be those of the checkout, never older ones. */
export async function setup(): Promise<void> {
  await buildWorkers();
}
