import type {
  BatchLogRecordProcessorOptions,
  FileHandlerOptions,
  HandlerStats,
  HttpHandlerOptions,
  OtlpGrpcHandlerOptions,
  OtlpFileHandlerOptions,
  OtlpHttpHandlerOptions,
  SocketHandlerOptions,
  RotatingFileHandlerOptions,
  StreamHandlerOptions,
  SysLogHandlerOptions,
} from "../../../src/index.ts";

/** What a program logs to, and how it ends: data on its command line. */
export interface Plan {
  readonly handlers: readonly HandlerPlan[];
  /** Records that are logged at once, numbered from 0. */
  readonly count: number;
  readonly ending: Ending;
  /** For `exit`, and for `process.exitCode` of a natural end. */
  readonly code?: number;
  /** The handlers' threads are at work before the first record. */
  readonly startsThreadsFirst?: boolean;
  /** Attributes of the resource that take for ever to be found out. */
  readonly hasPendingResource?: boolean;
  /** Listeners of 'exit' that log one record each: added before and after the handlers are made. */
  readonly logsInExitListeners?: boolean;
}

export type HandlerPlan =
  | { readonly kind: "file"; readonly options: FileHandlerOptions }
  /** A memory handler that keeps all there is, before a file or a web server; `shutdown()` leaves out what it keeps. */
  | { readonly kind: "memory"; readonly options: FileHandlerOptions }
  | { readonly kind: "memory-http"; readonly options: HttpHandlerOptions }
  | { readonly kind: "rotating"; readonly options: RotatingFileHandlerOptions }
  | { readonly kind: "stream"; readonly options: StreamHandlerOptions }
  | { readonly kind: "otlp-file"; readonly options: OtlpFileHandlerOptions }
  | { readonly kind: "otlp"; readonly options: OtlpHttpHandlerOptions }
  | { readonly kind: "otlp-grpc"; readonly options: OtlpGrpcHandlerOptions }
  | { readonly kind: "http"; readonly options: HttpHandlerOptions }
  | { readonly kind: "syslog"; readonly options: SysLogHandlerOptions }
  | { readonly kind: "socket"; readonly options: SocketHandlerOptions }
  | {
      readonly kind: "silent-exporter" | "exporter";
      readonly options: Omit<BatchLogRecordProcessorOptions, "exporter">;
    };

/**
 * How the program ends, after the records: of itself, by `process.exit()` at once, after the handlers' threads are up or
 * with ten more records after 500 ms, by an error (also when the threads are up), by `terminate()` of the last handler's
 * thread (also at once) and `process.exit()`, with a `shutdown()` that is not waited for and ten more records, or not at all.
 */
export type Ending =
  | "natural"
  | "exit"
  | "exit-when-up"
  | "late-exit"
  | "throw"
  | "throw-when-up"
  | "reject"
  | "terminate-and-exit"
  | "terminate-at-once-and-exit"
  | "shutdown"
  | "shutdown-and-exit"
  | "wait";

/** What a program says on descriptor 3, a line each. */
export type Report =
  | { readonly event: "logged"; readonly count: number }
  /** At the end of the process, before and after the handlers' own listener. */
  | { readonly event: "exiting" }
  | { readonly event: "exited"; readonly waitedMillis: number; readonly stats: readonly HandlerStats[] };
