/**
 * `node --import femtologging/register app.js`: makes the loggers of the process the global OpenTelemetry logger provider,
 * with handlers as FEMTO_CONFIG, OTEL_CONFIG_FILE or the OTEL_* variables say. Works with `--require` too: nothing here waits.
 */
import { setUp, type AutomaticRegistration } from "./set-up.ts";

export type { AutomaticRegistration } from "./set-up.ts";
export type { ProcessLoggerProvider } from "../system/process-provider.ts";
export type { ProviderWaitOptions } from "../system/provider.ts";
export type { Registration } from "../system/register-provider.ts";

/** What was set up when this module was loaded, once a thread. Nothing of it can fail: trouble is said, and logs go on. */
export const registration: AutomaticRegistration = setUp();
