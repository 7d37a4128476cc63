// #region nest
import type { LoggerService } from "@nestjs/common";
import { getLogger, type FemtoLogger, type LevelName } from "femtologging";

/**
 * Makes Nest, and every `new Logger("OrdersService")` of an application, log through femtologging: the context of Nest is the
 * name of the logger below "nest". Give it to `NestFactory.create(AppModule, { logger: new FemtoLoggerService() })`.
 */
export class FemtoLoggerService implements LoggerService {
  log(message: unknown, ...rest: readonly unknown[]): void {
    this.#write("INFO", message, rest);
  }

  fatal(message: unknown, ...rest: readonly unknown[]): void {
    this.#write("CRITICAL", message, rest);
  }

  error(message: unknown, ...rest: readonly unknown[]): void {
    this.#write("ERROR", message, rest);
  }

  warn(message: unknown, ...rest: readonly unknown[]): void {
    this.#write("WARN", message, rest);
  }

  debug(message: unknown, ...rest: readonly unknown[]): void {
    this.#write("DEBUG", message, rest);
  }

  verbose(message: unknown, ...rest: readonly unknown[]): void {
    this.#write("TRACE", message, rest);
  }

  /** Nest puts its context last, and the stack of an error, as text, before it. */
  #write(level: LevelName, message: unknown, rest: readonly unknown[]): void {
    const values = [...rest];
    const context = typeof values.at(-1) === "string" ? (values.pop() as string) : undefined;
    const stack = level === "ERROR" && isStack(values.at(-1)) ? values.pop() : undefined;
    const attributes = stack === undefined ? [] : [{ "exception.stacktrace": stack }];
    // A text of Nest is no template: what stands in it in braces, or after %, is meant as it is.
    const text: [unknown, ...unknown[]] = typeof message === "string" ? ["%s", message] : [message];
    this.#loggerOf(context).log(level, ...text, ...values, ...attributes);
  }

  #loggerOf(context: string | undefined): FemtoLogger {
    return getLogger(context === undefined ? "nest" : `nest.${context}`);
  }
}

function isStack(value: unknown): boolean {
  return typeof value === "string" && /\n\s+at /.test(value);
}
// #endregion
