/** `femtologging/pino`: pino loggers write to our handlers. As default export what `pino.transport()` looks for in a target. */
export { capturePino } from "./capture-pino.ts";
export type { Capture } from "../capture.ts";
export { pinoDestination, type PinoBridgeOptions, type PinoDestination } from "./pino-destination.ts";
// oxlint-disable-next-line import/no-default-export -- pino takes a target by its default export.
export { pinoTarget as default, type PinoTargetOptions } from "./transport-target.ts";
