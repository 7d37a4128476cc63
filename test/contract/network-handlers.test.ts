import { EXPORTER, EXPORTER_MODULE, HTTP, OTLP_HTTP, SYSLOG } from "./destinations.ts";
import { describeContract } from "./handler-contract.ts";

for (const kind of [OTLP_HTTP, HTTP, SYSLOG, EXPORTER, EXPORTER_MODULE]) describeContract(kind);
