import { expect, onTestFinished, test } from "vitest";

import type { LoggingPlan } from "../../src/config/logging-plan.ts";
import { readOtelConfig } from "../../src/config/otel-config.ts";
import { dataOf, linesOf } from "./config-files.ts";

function planOf(text: string): LoggingPlan {
  const reading = readOtelConfig(dataOf(text), "a file");
  if (!reading.ok) throw new Error(linesOf(reading).join("; "));
  return reading.plan;
}

function faultsOf(text: string): string[] {
  return linesOf(readOtelConfig(dataOf(text), "a file"));
}

const HEAD = 'file_format: "1.1"\n';

test("readOtelConfig() without a logger provider leads records nowhere", () => {
  expect(planOf(HEAD)).toMatchObject({ level: 1, handlers: [], isQuiet: true, isDisabled: false, notes: [] });
});

test("readOtelConfig() takes limits of the logger provider before the general ones", () => {
  const { limits } = planOf(`${HEAD}
attribute_limits: {attribute_count_limit: 7, attribute_value_length_limit: 9, attribute_value_depth_limit: 3}
logger_provider:
  processors: [{simple: {exporter: {console: }}}]
  limits: {attribute_count_limit: 5, attribute_value_length_limit: }
`);
  expect(limits).toEqual({ attributeCountLimit: 5, attributeValueLengthLimit: 9, attributeDepthLimit: 3 });
});

test("readOtelConfig() makes rules of the logger configurator, that for all others last", () => {
  const { rules } = planOf(`${HEAD}
logger_provider:
  processors: [{simple: {exporter: {console: }}}]
  logger_configurator/development:
    default_config: {enabled: false}
    loggers:
      - {name: shop.*, config: {minimum_severity: warn2, trace_based: true}}
      - {name: all, config: {}}
`);
  expect(rules).toEqual([
    { pattern: "shop.*", isEnabled: true, minimumSeverity: 14, isTraceBased: true },
    { pattern: "all", isEnabled: true, minimumSeverity: 0, isTraceBased: false },
    { pattern: "*", isEnabled: false, minimumSeverity: 0, isTraceBased: false },
  ]);
});

test("readOtelConfig() makes a resource of what the file says and asks for, and of nothing else", () => {
  const { resource } = planOf(`${HEAD}
resource:
  attributes:
    - {name: service.name, value: shop}
    - {name: ports, value: [1, 2], type: int_array}
    - {name: rate, value: 0.5, type: double}
    - {name: on, value: true, type: bool}
  attributes_list: "service.name=weaker,region=eu%20west"
  schema_url: https://opentelemetry.io/schemas/1.44.0
  detection/development:
    attributes: {included: ["process.pid", "process.runtime.*"], excluded: ["process.runtime.n?me", "*.description"]}
    detectors: [{process: }, {host: }, {container: }]
`);
  expect({ attributes: resource?.attributes, schemaUrl: resource?.schemaUrl }).toEqual({
    attributes: {
      "service.name": "shop",
      region: "eu west",
      ports: [1, 2],
      rate: 0.5,
      on: true,
      "process.pid": process.pid,
      "process.runtime.version": process.versions.node,
      "telemetry.sdk.language": "nodejs",
      "telemetry.sdk.name": "femtologging",
      "telemetry.sdk.version": expect.any(String),
    },
    schemaUrl: "https://opentelemetry.io/schemas/1.44.0",
  });
});

test("readOtelConfig() without a resource knows neither host nor process, only the SDK and an unknown service", () => {
  const names = Object.keys(planOf(HEAD).resource?.attributes ?? {});
  expect(names.toSorted((a, b) => (a < b ? -1 : 1))).toEqual([
    "service.name",
    "telemetry.sdk.language",
    "telemetry.sdk.name",
    "telemetry.sdk.version",
  ]);
});

test("readOtelConfig() names what is not ours, in one note", () => {
  const { notes, handlers } = planOf(`${HEAD}
tracer_provider: {processors: [{batch: {exporter: {otlp_http: }}}]}
propagator: {composite_list: b3}
distribution: {other: 1}
logger_provider:
  processors: [{event_to_span_event_bridge/development: }, {simple: {exporter: {console: }}}]
`);
  expect(handlers.map(({ path }) => path)).toEqual(["logger_provider.processors[1]"]);
  expect(notes).toEqual([
    "tracer_provider, propagator, logger_provider: event_to_span_event_bridge/development of the file are not ours: an OpenTelemetry SDK for traces and metrics reads them",
  ]);
});

test.each([["1.0"], ["1.1"]])("readOtelConfig() reads format %s without a word", (format) => {
  expect(planOf(`file_format: "${format}"`).notes).toEqual([]);
});

test("readOtelConfig() reads a later minor version as the one it knows, and says so", () => {
  expect(planOf('file_format: "1.7"').notes).toEqual(['its file_format is "1.7": it is read as "1.1"']);
});

test("readOtelConfig() takes the resource from the file alone, and the environment not at all", () => {
  const before = { ...process.env };
  onTestFinished(() => void (process.env = before));
  Object.assign(process.env, { OTEL_SERVICE_NAME: "ignored", OTEL_RESOURCE_ATTRIBUTES: "ignored=yes" });
  const { attributes = {} } = planOf(HEAD).resource ?? {};
  expect(attributes).not.toHaveProperty("ignored");
  expect(attributes["service.name"]).toMatch(/^unknown_service/);
});

test("readOtelConfig() knows a file that disables the SDK", () => {
  expect(planOf(`${HEAD}disabled: true`).isDisabled).toBe(true);
});

test("readOtelConfig() tells all faults at once, with their places", () => {
  const faults = faultsOf(`
file_format: 1.1
disabled: "yes"
log_level: loud
resorce: {}
resource:
  attributes: [{name: a, value: 1}, {value: x}, {name: c, value: x, type: txt}]
  attributes_list: "a"
  detection/development: {detectors: [{hots: }]}
attribute_limits: {attribute_value_depth_limit: 0}
logger_provider:
  processors:
    - batch:
        schedule_delay: -1
        export_timeout: 1.5
        max_queue_size: 10
        max_export_batch_size: 11
        exporter: {otlp_htp: }
    - batch: {exporter: {otlp_http: {endpoint: "localhost:4318", compression: brotli, encoding: xml, timeout: soon, headers_list: "x", headers: [{name: "a b", value: "1"}], tls: {ca: x}}}}
    - batch: {}
    - {batch: {}, simple: {}}
    - simple: {exporter: {otlp_file/development: {output_stream: /var/log/x}}}
    - batch: {max_queue_size: 10, max_export_batch_size: 11, exporter: {console: }}
  limit: {}
  logger_configurator/development: {loggers: [{config: {minimum_severity: 9}}]}
`);
  const [batch, otlp] = [
    "logger_provider.processors[0].batch",
    "logger_provider.processors[1].batch.exporter.otlp_http",
  ];
  expect(faults.map((fault) => /^"([^"]*)"/.exec(fault)?.[1])).toEqual([
    "file_format",
    "disabled",
    "log_level",
    "resorce",
    "resource.attributes[0].value",
    "resource.attributes[1].name",
    "resource.attributes[2].type",
    "resource.detection/development.detectors[0].hots",
    "resource.attributes_list",
    "attribute_limits.attribute_value_depth_limit",
    `${batch}.schedule_delay`,
    `${batch}.export_timeout`,
    `${batch}.exporter.otlp_htp`,
    `${otlp}.endpoint`,
    `${otlp}.compression`,
    `${otlp}.encoding`,
    `${otlp}.timeout`,
    `${otlp}.tls.ca`,
    `${otlp}.headers_list`,
    `${otlp}.headers[0]`,
    "logger_provider.processors[2].batch.exporter",
    "logger_provider.processors[3]",
    "logger_provider.processors[4].simple.exporter.otlp_file/development.output_stream",
    "logger_provider.processors[5].batch.max_export_batch_size",
    "logger_provider.limit",
    "logger_provider.logger_configurator/development.loggers[0].config.minimum_severity",
    "logger_provider.logger_configurator/development.loggers[0].name",
  ]);
  expect(faults.find((fault) => fault.includes("otlp_htp"))).toContain('did you mean "otlp_http"?');
});

test.each(["- a", "5", ""])("readOtelConfig() refuses a file that is %j", (text) => {
  expect(faultsOf(text)).toHaveLength(1);
});

test("readOtelConfig() wants a processor where there is a logger provider", () => {
  expect(faultsOf(`${HEAD}logger_provider: {}`)).toEqual([
    '"logger_provider.processors" is missing, must be given',
  ]);
  expect(faultsOf(`${HEAD}logger_provider: {processors: []}`)).toEqual([
    '"logger_provider.processors" is an array, must have at least 1 of its items',
  ]);
});

test("readOtelConfig() shows no secret", () => {
  const faults = faultsOf(`${HEAD}
resource: {attributes_list: "s3cret"}
logger_provider:
  processors: [{simple: {exporter: {otlp_http: {endpoint: "ftp://u:s3cret@h", headers_list: "s3cret", headers: [{name: a, value: [s3cret]}, {name: b, value: "s3cret\\n"}]}}}}]
`);
  expect(faults.length).toBeGreaterThanOrEqual(5);
  expect(faults.join("\n")).not.toContain("s3cret");
});
