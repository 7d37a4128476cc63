import { EXPORTER, EXPORTER_MODULE, OTLP_HTTP } from "./destinations.ts";
import { describeContract } from "./handler-contract.ts";

for (const kind of [OTLP_HTTP, EXPORTER, EXPORTER_MODULE]) describeContract(kind);
