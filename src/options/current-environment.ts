/** The environment variables that options are completed from. */
import type { Environment } from "./description.ts";

let environment: Environment | undefined;

/** The variables in force: those of the process, unless `withEnvironment()` has others. This thread's. */
export function currentEnvironment(): Environment {
  return environment ?? process.env;
}

/**
 * Runs `run` with other variables than those of the process: for a configuration that says everything itself, beside
 * which variables must not count. Synchronous work only.
 *
 * @throws What `run` throws.
 * @see Specification, Declarative configuration > Environment variables: all others are ignored
 */
export function withEnvironment<Value>(variables: Environment, run: () => Value): Value {
  const before = environment;
  environment = variables;
  try {
    return run();
  } finally {
    environment = before;
  }
}
