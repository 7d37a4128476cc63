import { ROOT_CONTEXT } from "@opentelemetry/api";
import type { LogRecordProcessor } from "@opentelemetry/sdk-logs";
import { FemtoHandler } from "../../processors/batch/handler.ts";
import { SharedHandler } from "../../processors/batch/shared-handler.ts";
import { ConfigError } from "../errors.ts";
import { FemtoFileHandler } from "../handlers/file-handler.ts";
import { FemtoOtlpHttpHandler } from "../handlers/otlp-http-handler.ts";
import { ProcessorHandler } from "./processor-handler.ts";
import { FemtoStreamHandler } from "../handlers/stream-handler.ts";
import type { HandlerPort } from "../logger/ports.ts";
import { isSdkDisabled } from "./environment.ts";
import { processSystem, reportProcessSystem } from "./logging.ts";
import { BASIC_CONFIG_OPTIONS } from "../options/basic-config-options.ts";
import type { OptionsOf, ResolvedOf } from "../options/infer.ts";
import { resolveOptions } from "../options/validate.ts";
import { redactProcess } from "./redact-process.ts";
import { handleSignals } from "./signals.ts";

/** Options of `basicConfig`; CONFIG.md describes each. */
export type BasicConfigOptions = OptionsOf<typeof BASIC_CONFIG_OPTIONS>;

type Resolved = ResolvedOf<typeof BASIC_CONFIG_OPTIONS>;

/**
 * Configures the root logger in one call: a level, and a handler for stderr, a file, or those given. Does nothing where the root
 * logger has handlers at work already, of whichever thread, unless `force` is set: those are then removed, and shut down where this thread
 * has made them.
 *
 * @throws {ConfigError} An option is wrong, or a file cannot be written. Names all faults; nothing is changed then.
 */
export function basicConfig(options: BasicConfigOptions = {}): void {
  const resolved = resolveOptions(BASIC_CONFIG_OPTIONS, options, { subject: "basicConfig", action: "apply" });
  const system = processSystem();
  const root = system.getLogger();
  if (root.handlers.some(isAtWork) && !resolved.force) return;
  const handlers = handlersOf(resolved);
  try {
    if (resolved.redact !== undefined) redactProcess(resolved.redact, "basicConfig");
  } catch (error) {
    discard(handlers, resolved);
    throw error;
  }
  for (const handler of root.handlers) {
    root.removeHandler(handler);
    // What it could not deliver it counts and reports itself.
    if (!(handlers as readonly HandlerPort[]).includes(handler)) handler.shutdown().catch(() => {});
  }
  for (const handler of handlers) root.addHandler(handler);
  root.setLevel(resolved.level as Parameters<typeof root.setLevel>[0]);
  if (resolved.meterProvider !== undefined) reportProcessSystem(resolved.meterProvider);
  if (!resolved.handleSignals) return;
  handleSignals(
    () => system.flush({ timeoutMillis: SIGNAL_TIMEOUT_MILLIS }),
    () => system.flushSync(),
  );
}

/** False for a handler that is shut down: it takes no more records. */
function isAtWork(handler: HandlerPort): boolean {
  if (handler instanceof SharedHandler) return handler.isAtWork;
  const question = { context: ROOT_CONTEXT, instrumentationScope: { name: "" } };
  return !(handler instanceof FemtoHandler) || handler.enabled(question);
}

/**
 * Makes the handlers that the options ask for: all of them, or none.
 * @throws {ConfigError} A handler cannot be made.
 */
export function handlersOf(
  resolved: Pick<Resolved, "handlers" | "path" | "stream" | "format" | "formatter" | "otlp">,
): FemtoHandler[] {
  const handlers: FemtoHandler[] = [];
  try {
    const given: readonly LogRecordProcessor[] | undefined = resolved.handlers;
    if (given === undefined) handlers.push(firstHandler(resolved));
    else handlers.push(...given.map((processor) => ProcessorHandler.of(processor)));
    if (resolved.otlp !== false && resolved.otlp !== undefined && !isSdkDisabled()) {
      handlers.push(new FemtoOtlpHttpHandler(resolved.otlp === true ? {} : resolved.otlp));
    }
    return handlers;
  } catch (error) {
    discard(handlers, resolved);
    throw error;
  }
}

/** Nothing is changed: what was made on the way is ended again. */
function discard(handlers: readonly FemtoHandler[], resolved: Pick<Resolved, "handlers">): void {
  if (resolved.handlers === undefined) for (const handler of handlers) handler.shutdown().catch(() => {});
}

function firstHandler({
  path,
  stream,
  format,
  formatter,
}: Pick<Resolved, "path" | "stream" | "format" | "formatter">): FemtoHandler {
  if (path !== undefined) return fileHandler({ path, format, formatter });
  return new FemtoStreamHandler({ stream, format, formatter });
}

function fileHandler({
  path,
  format,
  formatter,
}: Pick<Resolved, "format" | "formatter"> & { readonly path: string }): FemtoFileHandler {
  if (format === "pretty") {
    throw new ConfigError("Cannot apply basicConfig", [
      {
        path: "format",
        value: format,
        expected: 'must be another format with "path": a file is no terminal',
        hint: "leave it out for JSON lines (CONFIG.md#format)",
      },
    ]);
  }
  return new FemtoFileHandler({ path, format: format === "auto" ? undefined : format, formatter });
}

/** All records out, as long as the slowest handler may take at the end of a process. */
const SIGNAL_TIMEOUT_MILLIS = 5000;
