/** `femtologging/bridges`: what an application prints, warns of and fails with, as records; and its spans. */
export type { Capture } from "./capture.ts";
export { captureConsole, type ConsoleCaptureOptions } from "./console/capture-console.ts";
export { captureDebug, type DebugCaptureOptions } from "./debug/capture-debug.ts";
export { captureDebuglog, type DebuglogCaptureOptions } from "./debuglog/capture-debuglog.ts";
export { captureWarnings, type WarningsCaptureOptions } from "./warnings/capture-warnings.ts";
export { captureUncaught, type UncaughtCaptureOptions } from "./uncaught/capture-uncaught.ts";
export { captureChannel, type ChannelCaptureOptions } from "./diagnostics-channel/capture-channel.ts";
export {
  captureTracingChannel,
  type TracingChannelCaptureOptions,
} from "./diagnostics-channel/capture-tracing-channel.ts";
export {
  FemtoSpanProcessor,
  type LoggedSpan,
  type LoggedSpanEvent,
  type SpanProcessorOptions,
} from "./spans/span-processor.ts";
export type { ChannelMapper, ChannelRecord, DebugModule, TracingEvent } from "../options/bridge-options.ts";
export type { LoggingLike } from "../options/logging-like.ts";
