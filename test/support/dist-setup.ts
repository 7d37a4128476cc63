import { buildDist } from "../../scripts/build.ts";

/** Runs once before the tests that need `dist/`, and only when such a test was asked for. */
export async function setup(): Promise<void> {
  await buildDist();
}
