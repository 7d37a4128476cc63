import { EXPORTER, EXPORTER_MODULE, HTTP, OTLP_HTTP } from "./destinations.ts";
import { describeContract } from "./handler-contract.ts";

for (const kind of [OTLP_HTTP, HTTP, EXPORTER, EXPORTER_MODULE]) describeContract(kind);
