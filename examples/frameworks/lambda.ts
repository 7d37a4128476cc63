/** A function for AWS Lambda and its like, where the process is stopped between invocations. */
// #region lambda
import {
  basicConfig,
  FemtoOtlpHttpHandler,
  FemtoStreamHandler,
  flush,
  getLogger,
  withContext,
} from "femtologging";
import { pay, type Order } from "./orders.ts";
import { inSpan, startRequestSpan, startTracing } from "./tracing.ts";

startTracing();
basicConfig({
  handlers: [
    // Written by the call that logs.
    new FemtoStreamHandler({ stream: "stdout", format: "json", thread: "inline" }),
    // Sent by this thread: no thread of ours is stopped in the middle of a request.
    new FemtoOtlpHttpHandler({ thread: "inline" }),
  ],
});
const log = getLogger("shop.lambda");

/** What the runtime gives beside the event. */
export interface Invocation {
  readonly awsRequestId: string;
}

/** What the function is called with. */
export interface PayEvent extends Order {
  readonly user: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** The function: pays an order. When its promise is settled, all of its records have been delivered, or counted. */
export async function handler(event: PayEvent, { awsRequestId }: Invocation): Promise<{ isPaid: boolean }> {
  const span = startRequestSpan("pay", event.headers);
  const attributes = { requestId: awsRequestId, user: event.user };
  try {
    return await inSpan(span, () => withContext(attributes, () => answer(event)));
  } finally {
    span.end();
    // A collector that is away is no reason to fail: its records wait for the next invocation.
    await flush({ timeoutMillis: 2_000 }).catch(() => {});
  }
}

async function answer(event: PayEvent): Promise<{ isPaid: boolean }> {
  try {
    await pay(event);
    return { isPaid: true };
  } catch (error) {
    log.exception(error, "Cannot pay");
    throw error;
  }
}
// #endregion
