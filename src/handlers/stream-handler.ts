import { FemtoHandler } from "../../processors/batch/handler.ts";
import type { Outlet, ProcessorSettings } from "../../processors/batch/settings.ts";
import type { HandlerFormatter } from "../../processors/worker/formatter-registry.ts";
import { source } from "../../processors/worker/source-blocking.generated.ts";
import { createBuilder, type Builder } from "../options/builder.ts";
import type { OptionsOf, ResolvedOf } from "../options/infer.ts";
import { STREAM_HANDLER_OPTIONS } from "../options/stream-options.ts";
import { resolveOptions } from "../options/validate.ts";
import { withFormatter } from "./formatter-choice.ts";
import { neverBlock } from "./never-block.ts";
import { settingsOf, subjectOf } from "./settings.ts";
import { descriptorOf, streamFormatterOf } from "./stream-choice.ts";
import { writableOutlet } from "./writable-outlet.ts";

type Resolved = ResolvedOf<typeof STREAM_HANDLER_OPTIONS>;

/** Options of `FemtoStreamHandler`; CONFIG.md describes each. */
export type StreamHandlerOptions = OptionsOf<typeof STREAM_HANDLER_OPTIONS>;

/**
 * Writes records to stderr (the default), stdout, an open descriptor, or a Node `Writable`. For people on a terminal,
 * JSON lines everywhere else. Descriptors are written by a thread of the handler's own, a `Writable` on the thread that
 * owns it.
 */
export class FemtoStreamHandler extends FemtoHandler {
  /** @throws {ConfigError} An option is wrong. Names all faults. */
  constructor(options: StreamHandlerOptions = {}) {
    const subject = subjectOf(options, "stream");
    const resolved = resolveOptions(STREAM_HANDLER_OPTIONS, options, { subject });
    const settings = withoutWaiting(settingsOf(resolved, "stream"), options);
    const isOwned = typeof resolved.stream === "object";
    const formatter = streamFormatterOf(resolved, subject);
    super(isOwned ? settings : withFormatter(settings, formatter), outletOf(resolved, formatter));
  }

  /** A fluent builder: a method for each option, then `build()` or `tryBuild()`. */
  static builder(): Builder<typeof STREAM_HANDLER_OPTIONS, FemtoStreamHandler> {
    return createBuilder(STREAM_HANDLER_OPTIONS, (options) => new FemtoStreamHandler(options));
  }
}

/** A `Writable` is written by the thread that logs, which cannot wait for itself: only who asks for that is told so. */
function withoutWaiting(
  settings: ProcessorSettings,
  { stream, overflow }: StreamHandlerOptions,
): ProcessorSettings {
  return typeof stream === "object" && overflow === undefined
    ? { ...settings, overflow: "drop-newest" }
    : settings;
}

function outletOf({ stream, terminator }: Resolved, formatter: HandlerFormatter): Outlet {
  if (typeof stream === "object") return { descriptor: writableOutlet(stream, { formatter, terminator }) };
  const descriptor = descriptorOf(stream);
  neverBlock(descriptor);
  return {
    source,
    descriptor: {
      kind: "blocking",
      exporter: { kind: "stream", descriptor },
      formatter,
      terminator,
      encoding: "utf8",
      fsync: "never",
    },
  };
}
