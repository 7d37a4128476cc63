/** `femtologging/log4js`: an appender for log4js. */
export { configure } from "./appender.ts";
export type { Log4jsAppender, Log4jsAppenderOptions, Log4jsEvent } from "./appender.ts";
