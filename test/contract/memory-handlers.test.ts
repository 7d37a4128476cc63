import { describeContract } from "./handler-contract.ts";
import { KEPT_FILE, KEPT_HTTP_LINES, KEPT_INLINE_FILE, KEPT_OTLP_HTTP } from "./memory-destination.ts";

for (const kind of [KEPT_FILE, KEPT_INLINE_FILE, KEPT_OTLP_HTTP, KEPT_HTTP_LINES]) describeContract(kind);
