import { OTLP_GRPC, OTLP_HTTP, OTLP_HTTP_JSON, OTLP_HTTP_SPLIT } from "./network-destinations.ts";
import { describeContract } from "./handler-contract.ts";

for (const kind of [OTLP_HTTP, OTLP_HTTP_JSON, OTLP_HTTP_SPLIT, OTLP_GRPC]) describeContract(kind);
