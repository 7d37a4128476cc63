import { describeContract } from "./handler-contract.ts";
import { INLINE_ROTATING_OTLP_FILE, OTLP_FILE } from "./destinations.ts";

for (const kind of [OTLP_FILE, INLINE_ROTATING_OTLP_FILE]) describeContract(kind);
