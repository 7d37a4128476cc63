import { reportOnce } from "../diagnostics.ts";
import { FemtoOtlpFileHandler } from "../handlers/otlp-file-handler.ts";
import { FemtoOtlpGrpcHandler } from "../handlers/otlp-grpc-handler.ts";
import { FemtoOtlpHttpHandler } from "../handlers/otlp-http-handler.ts";
import { FemtoStreamHandler } from "../handlers/stream-handler.ts";
import type { HandlerPort } from "../logger/ports.ts";
import type { ResolvedOf } from "../options/infer.ts";
import type { REGISTER_OPTIONS } from "../options/register-options.ts";
import type { LoggingPlan } from "./logging-plan.ts";

type Variables = ResolvedOf<typeof REGISTER_OPTIONS>;

/** What each protocol of OTLP is sent by; all else of it the handler reads from its own variables. */
const OTLP_HANDLERS: Readonly<Record<Variables["otlpProtocol"], () => HandlerPort>> = {
  "http/protobuf": () => new FemtoOtlpHttpHandler({ protocol: "http/protobuf" }),
  "http/json": () => new FemtoOtlpHttpHandler({ protocol: "http/json" }),
  grpc: () => new FemtoOtlpGrpcHandler(),
};

/** Exporters of OTEL_LOGS_EXPORTER, by their names. */
const EXPORTERS: ReadonlyMap<string, (variables: Variables) => HandlerPort> = new Map([
  ["otlp", otlpHandler],
  ["console", () => new FemtoStreamHandler({ stream: "stdout" })],
  ["otlp/stdout", () => new FemtoOtlpFileHandler()],
  // The deprecated name.
  ["logging", () => new FemtoStreamHandler({ stream: "stdout" })],
]);

/**
 * What the variables of the specification come to. What is wrong in them is reported and ignored.
 *
 * @see Specification, Configuration > Environment variables: Exporter selection
 */
export function planOfEnvironment(variables: Variables): LoggingPlan {
  const names = exporterNames(variables.logsExporter);
  return {
    source: "OTEL_* variables",
    level: TRACE,
    resource: undefined,
    limits: undefined,
    handlers: names.map((name) => ({
      path: "OTEL_LOGS_EXPORTER",
      name,
      make: () => (EXPORTERS.get(name) ?? otlpHandler)(variables),
    })),
    loggers: [],
    rules: [],
    captures: [],
    redact: undefined,
    isQuiet: names.length === 0,
    handleSignals: true,
    isDisabled: false,
    notes: [],
  };
}

const TRACE = 1;

function otlpHandler({ otlpProtocol }: Variables): HandlerPort {
  return OTLP_HANDLERS[otlpProtocol]();
}

/** Known names, each once. Where all are wrong, the default. */
function exporterNames(list: string): readonly string[] {
  const names = [...new Set(list.split(",").map((name) => name.trim().toLowerCase()))].filter(
    (name) => name !== "",
  );
  if (names.includes("none")) {
    if (names.length > 1) say(`"none" stands beside others: none is made`);
    return [];
  }
  const known = names.filter((name) => EXPORTERS.has(name));
  for (const name of names) {
    if (!EXPORTERS.has(name))
      say(`${JSON.stringify(name)} must be one of ${[...EXPORTERS.keys(), "none"].join(", ")}; ignored`);
  }
  return known.length === 0 ? ["otlp"] : known;
}

function say(fault: string): void {
  reportOnce(
    `OTEL_LOGS_EXPORTER ${fault}`,
    `Cannot use all of the environment variable OTEL_LOGS_EXPORTER: ${fault}`,
  );
}
