import { describeContract } from "./handler-contract.ts";
import { INLINE_TIMED_ROTATING_FILE, ROTATING_FILE } from "./destinations.ts";

for (const kind of [ROTATING_FILE, INLINE_TIMED_ROTATING_FILE]) describeContract(kind);
