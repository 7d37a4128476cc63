import type { HandlerFormatter } from "../../processors/worker/formatter-registry.ts";
import type { RecordMapping } from "../../processors/worker/protocol.ts";
import { ConfigError } from "../errors.ts";
import type { ResolvedOf } from "../options/infer.ts";
import type { HTTP_OPTIONS } from "../options/http-options.ts";
import { hintFor } from "../options/read-value.ts";
import { chooseFormatter } from "./formatter-choice.ts";
import { moduleUrl } from "./module-url.ts";

type Resolved = ResolvedOf<typeof HTTP_OPTIONS>;
type HttpFormat = NonNullable<Resolved["format"]>;

/** What requests hold, and are said to hold. */
export interface HttpBody {
  readonly format: HttpFormat;
  readonly mapping: RecordMapping;
  /** Undefined: that of the format. */
  readonly contentType: string | undefined;
}

type Kind = HandlerFormatter["kind"];

/** Formatters whose records are no JSON. */
const TEXT_KINDS: ReadonlySet<Kind> = new Set<Kind>(["pretty", "text", "logfmt"]);

/** Where an array is refused: what the peers of these formats take instead. */
const FORMATS: Partial<Readonly<Record<Kind, HttpFormat>>> = {
  // Events one after the other. @see Splunk, Format events for HTTP Event Collector
  "splunk-hec": "ndjson",
  // One message a request; lines where the input was told to expect them. @see Graylog, Ingest GELF
  gelf: "json",
  // A request of OTLP is an object.
  "otlp-json": "json",
  pretty: "ndjson",
  text: "ndjson",
  logfmt: "ndjson",
};

/** Collectors that call several objects JSON. */
const JSON_KINDS: ReadonlySet<Kind> = new Set<Kind>(["splunk-hec", "gelf"]);

/**
 * What a handler sends for a record, and how records are put together.
 * @throws {ConfigError} Options contradict each other, or the options of a formatter's module are no data.
 */
export function bodyOf(resolved: Resolved, subject: string): HttpBody {
  const { method, formatter: choice } = resolved;
  const isForm = method === "GET" || resolved.format === "form";
  if (method === "GET" && (resolved.format ?? "form") !== "form") {
    throw conflict(subject, {
      path: "format",
      value: resolved.format,
      expected: 'must be "form" with "method" "GET": a query is a form',
      hint: hintFor("format", "leave it out"),
    });
  }
  if (choice === undefined) {
    const format = isForm ? "form" : (resolved.format ?? "json-array");
    const mapping = mappingOf(resolved.mapLogRecord);
    return { format, mapping, contentType: undefined };
  }
  if (isForm) {
    throw conflict(subject, {
      path: "formatter",
      value: choice,
      expected: `must not be given with ${method === "GET" ? '"method" "GET"' : '"format" "form"'}: a form has fields`,
      hint: hintFor("formatter", 'name them in "mapLogRecord", or choose another "format"'),
    });
  }
  return formattedBody(chooseFormatter(choice, subject), resolved, subject);
}

function formattedBody(formatter: HandlerFormatter, resolved: Resolved, subject: string): HttpBody {
  const { kind } = formatter;
  const usual = FORMATS[kind];
  const format = resolved.format ?? usual ?? "json-array";
  if (format === "json-array" && usual !== undefined) {
    const why = TEXT_KINDS.has(kind) ? "it writes no JSON" : "its collectors take no array";
    throw conflict(subject, {
      path: "format",
      value: format,
      expected: `must be "ndjson" or "json" with the formatter "${kind}": ${why}`,
      hint: hintFor("format", `leave it out for "${usual}"`),
    });
  }
  return { format, mapping: { kind: "formatter", formatter }, contentType: contentTypeOf(kind) };
}

function contentTypeOf(kind: Kind): string | undefined {
  if (TEXT_KINDS.has(kind)) return "text/plain; charset=utf-8";
  return JSON_KINDS.has(kind) ? "application/json" : undefined;
}

function conflict(subject: string, problem: ConfigError["problems"][number]): ConfigError {
  return new ConfigError(`Cannot start ${subject}`, [problem]);
}

function mappingOf(given: Resolved["mapLogRecord"]): RecordMapping {
  if (given === undefined) return { kind: "default" };
  if ("module" in given) return { kind: "module", module: moduleUrl(given.module), options: given.options };
  return { kind: "fields", fields: [...given] };
}
