import { EXPORTER, EXPORTER_MODULE, HTTP, HTTP_LINES, SYSLOG } from "./network-destinations.ts";
import { describeContract } from "./handler-contract.ts";

for (const kind of [HTTP, HTTP_LINES, SYSLOG, EXPORTER, EXPORTER_MODULE]) describeContract(kind);
