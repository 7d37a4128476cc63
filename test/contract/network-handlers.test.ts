import {
  EXPORTER,
  EXPORTER_MODULE,
  HTTP,
  HTTP_LINES,
  OTLP_HTTP,
  OTLP_HTTP_JSON,
  SYSLOG,
} from "./destinations.ts";
import { describeContract } from "./handler-contract.ts";

for (const kind of [OTLP_HTTP, OTLP_HTTP_JSON, HTTP, HTTP_LINES, SYSLOG, EXPORTER, EXPORTER_MODULE])
import { EXPORTER, EXPORTER_MODULE, HTTP, OTLP_HTTP, OTLP_HTTP_SPLIT, SYSLOG } from "./destinations.ts";
import { describeContract } from "./handler-contract.ts";

for (const kind of [OTLP_HTTP, OTLP_HTTP_SPLIT, HTTP, SYSLOG, EXPORTER, EXPORTER_MODULE])
  describeContract(kind);
