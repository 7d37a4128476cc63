// A runtime for functions: invokes one for each message, and answers with what came of it.
import type { PayEvent } from "../../../../examples/frameworks/lambda.ts";
import { handler } from "../../../../examples/frameworks/lambda.ts";

process.on("message", ({ requestId, event }: { readonly requestId: string; readonly event: PayEvent }) => {
  handler(event, { awsRequestId: requestId }).then(
    ({ isPaid }) => process.send?.({ isPaid }),
    (error: unknown) => process.send?.({ error: String(error) }),
  );
});
