import { isatty } from "node:tty";
import { FemtoHandler } from "../../processors/batch/handler.ts";
import type { Outlet, ProcessorSettings } from "../../processors/batch/settings.ts";
import type { FemtoFormatter } from "../../processors/shape/renderer.ts";
import { source } from "../../processors/worker/source-blocking.generated.ts";
import { reportOnce } from "../diagnostics.ts";
import {
  createFormatter,
  describeFormatter,
  type FormatterDescriptor,
} from "../formatters/formatter-descriptor.ts";
import { createBuilder, type Builder } from "../options/builder.ts";
import type { OptionsOf, ResolvedOf } from "../options/infer.ts";
import { STREAM_HANDLER_OPTIONS } from "../options/stream-options.ts";
import { resolveOptions } from "../options/validate.ts";
import { neverBlock } from "./never-block.ts";
import { settingsOf, subjectOf } from "./settings.ts";
import { writableOutlet } from "./writable-outlet.ts";

type Resolved = ResolvedOf<typeof STREAM_HANDLER_OPTIONS>;

/** Options of `FemtoStreamHandler`; CONFIG.md describes each. */
export type StreamHandlerOptions = OptionsOf<typeof STREAM_HANDLER_OPTIONS>;

const DESCRIPTORS: Readonly<Record<string, number>> = { stdout: 1, stderr: 2 };

/**
 * Writes records to stderr (the default), stdout, an open descriptor, or a Node `Writable`. For people on a terminal,
 * JSON lines everywhere else. Descriptors are written by a thread of the handler's own, a `Writable` on the thread that
 * owns it.
 */
export class FemtoStreamHandler extends FemtoHandler {
  /** @throws {ConfigError} An option is wrong. Names all faults. */
  constructor(options: StreamHandlerOptions = {}) {
    const resolved = resolveOptions(STREAM_HANDLER_OPTIONS, options, {
      subject: subjectOf(options, "stream"),
    });
    const settings = withoutWaiting(settingsOf(resolved, "stream"), options);
    const outlet = outletOf(resolved);
    const isCustom =
      resolved.formatter !== undefined &&
      describeFormatter(resolved.formatter as FemtoFormatter) === undefined;
    if (isCustom && settings.thread === "own" && typeof resolved.stream !== "object") {
      reportOnce(
        `formatter ${settings.name}`,
        `Handler "${settings.name}" formats and writes on the application's thread: its formatter is an object of the application`,
      );
      super({ ...settings, thread: "inline" }, outlet);
    } else {
      super(settings, outlet);
    }
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

function outletOf(resolved: Resolved): Outlet {
  const { stream, terminator } = resolved;
  if (typeof stream === "object") {
    const formatter =
      (resolved.formatter as FemtoFormatter | undefined) ??
      createFormatter(formatterOf(resolved, isTerminal(stream)));
    return { descriptor: writableOutlet(stream, { formatter, terminator }) };
  }
  const descriptor = typeof stream === "number" ? stream : (DESCRIPTORS[stream] as number);
  neverBlock(descriptor);
  const given = resolved.formatter as FemtoFormatter | undefined;
  const formatter =
    given === undefined
      ? formatterOf(resolved, isatty(descriptor))
      : (describeFormatter(given) ?? { kind: "object" as const, formatter: given });
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

function isTerminal(stream: object): boolean {
  return (stream as { readonly isTTY?: unknown }).isTTY === true;
}

function formatterOf({ format, colors }: Resolved, isTerminalStream: boolean): FormatterDescriptor {
  const kind = format === "auto" ? (isTerminalStream ? "pretty" : "json") : format;
  if (kind !== "pretty") return { kind, options: {} };
  return { kind, options: { colors: colors === "auto" ? isTerminalStream : colors === "always" } };
}
