import { nearestName } from "../options/nearest-name.ts";
import type { ConfigProblem } from "../errors.ts";
import { FemtoFileHandler } from "../handlers/file-handler.ts";
import { FemtoHttpHandler } from "../handlers/http-handler.ts";
import { FemtoNullHandler } from "../handlers/null-handler.ts";
import { FemtoOtlpFileHandler } from "../handlers/otlp-file-handler.ts";
import { FemtoOtlpGrpcHandler } from "../handlers/otlp-grpc-handler.ts";
import { FemtoOtlpHttpHandler } from "../handlers/otlp-http-handler.ts";
import { FemtoRotatingFileHandler } from "../handlers/rotating-file-handler.ts";
import { FemtoSocketHandler } from "../handlers/socket-handler.ts";
import { FemtoStreamHandler } from "../handlers/stream-handler.ts";
import { FemtoSysLogHandler } from "../handlers/syslog-handler.ts";
import { FemtoTimedRotatingFileHandler } from "../handlers/timed-rotating-file-handler.ts";
import type { HandlerPort } from "../logger/ports.ts";
import type { ConfigMap } from "../options/config-file-options.ts";
import type { OptionTable } from "../options/description.ts";
import { FILE_HANDLER_OPTIONS } from "../options/file-options.ts";
import { HTTP_HANDLER_OPTIONS } from "../options/http-options.ts";
import { NULL_HANDLER_OPTIONS } from "../options/null-options.ts";
import { OTLP_FILE_HANDLER_OPTIONS } from "../options/otlp-file-options.ts";
import { OTLP_GRPC_HANDLER_OPTIONS } from "../options/otlp-grpc-options.ts";
import { OTLP_HTTP_HANDLER_OPTIONS } from "../options/otlp-http-options.ts";
import { ROTATING_HANDLER_OPTIONS } from "../options/rotating-options.ts";
import { SOCKET_HANDLER_OPTIONS } from "../options/socket-options.ts";
import { STREAM_HANDLER_OPTIONS } from "../options/stream-options.ts";
import { SYSLOG_HANDLER_OPTIONS } from "../options/syslog-options.ts";
import { TIMED_ROTATING_HANDLER_OPTIONS } from "../options/timed-rotating-options.ts";
import { tryResolveOptions } from "../options/validate.ts";
import type { HandlerPlan } from "./logging-plan.ts";

/** A kind of handler that a file can name: its options, and what makes one of them. */
interface HandlerType {
  readonly table: OptionTable;
  readonly make: (options: never) => HandlerPort;
}

/** Every handler that can be described by data alone, by its name in files. */
const HANDLER_TYPES: Readonly<Record<string, HandlerType>> = {
  stream: { table: STREAM_HANDLER_OPTIONS, make: (options) => new FemtoStreamHandler(options) },
  file: { table: FILE_HANDLER_OPTIONS, make: (options) => new FemtoFileHandler(options) },
  "rotating-file": {
    table: ROTATING_HANDLER_OPTIONS,
    make: (options) => new FemtoRotatingFileHandler(options),
  },
  "timed-rotating-file": {
    table: TIMED_ROTATING_HANDLER_OPTIONS,
    make: (options) => new FemtoTimedRotatingFileHandler(options),
  },
  "otlp-http": { table: OTLP_HTTP_HANDLER_OPTIONS, make: (options) => new FemtoOtlpHttpHandler(options) },
  "otlp-grpc": { table: OTLP_GRPC_HANDLER_OPTIONS, make: (options) => new FemtoOtlpGrpcHandler(options) },
  "otlp-file": { table: OTLP_FILE_HANDLER_OPTIONS, make: (options) => new FemtoOtlpFileHandler(options) },
  http: { table: HTTP_HANDLER_OPTIONS, make: (options) => new FemtoHttpHandler(options) },
  syslog: { table: SYSLOG_HANDLER_OPTIONS, make: (options) => new FemtoSysLogHandler(options) },
  socket: { table: SOCKET_HANDLER_OPTIONS, make: (options) => new FemtoSocketHandler(options) },
  null: { table: NULL_HANDLER_OPTIONS, make: (options) => new FemtoNullHandler(options) },
};

/**
 * Checks a handler's options. Starts nothing.
 *
 * @param given `type` and the options of that type.
 * @param path Where it stands: `handlers[0]`.
 * @returns What makes it, or every fault.
 */
export function planHandler(
  given: ConfigMap,
  path: string,
): HandlerPlan | { readonly problems: readonly ConfigProblem[] } {
  const { type, ...options } = given;
  const known =
    typeof type === "string" && Object.hasOwn(HANDLER_TYPES, type) ? HANDLER_TYPES[type] : undefined;
  if (known === undefined) return { problems: [typeProblem(type, `${path}.type`)] };
  const name = typeof options["name"] === "string" ? options["name"] : undefined;
  const result = tryResolveOptions(known.table, options, {
    subject: `handler ${JSON.stringify(name ?? type)}`,
    path,
  });
  if (!result.ok) return { problems: result.errors };
  return { path, name, make: () => known.make(options as never) };
}

function typeProblem(value: unknown, path: string): ConfigProblem {
  const names = Object.keys(HANDLER_TYPES);
  const meant = typeof value === "string" ? nearestName(value, names) : undefined;
  return {
    path,
    value,
    expected: `must be one of ${names.map((name) => `"${name}"`).join(", ")}`,
    ...(meant === undefined ? {} : { hint: `did you mean "${meant}"?` }),
  };
}
