/** `femtologging/bunyan`: a stream for bunyan. */
export { createBunyanStream } from "./bunyan-stream.ts";
export type { BunyanSink, BunyanStream, BunyanStreamOptions } from "./bunyan-stream.ts";
export type { BunyanLevel } from "../../options/bridge-options.ts";
