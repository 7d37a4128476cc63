import { describeContract } from "./handler-contract.ts";
import { FILE, INLINE_FILE, PIPE, WRITABLE } from "./destinations.ts";

for (const kind of [FILE, INLINE_FILE, PIPE, WRITABLE]) describeContract(kind);
