import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { text } from "node:stream/consumers";
import { expect, onTestFinished, test } from "vitest";
import { OtlpReceiver } from "../../../src/receiver/receiver.ts";
import { linesOf } from "../run-example.ts";
import { linesOfRequest, shopRequest, type ShopRequest } from "./shops.ts";

const RUNTIME = fileURLToPath(new URL("./programs/lambda-runtime.ts", import.meta.url));

function startRuntime(origin: string): ChildProcess {
  const env = { ...process.env, OTEL_EXPORTER_OTLP_ENDPOINT: origin, NODE_NO_WARNINGS: "1" };
  const child = fork(RUNTIME, { env, stdio: ["ignore", "pipe", "pipe", "ipc"] });
  onTestFinished(() => void child.kill("SIGKILL"));
  return child;
}

/** Invokes the function, and stops the process as soon as it has answered. */
async function invoke(
  child: ChildProcess,
  { orderId, requestId, user, traceId }: ShopRequest,
): Promise<unknown> {
  const headers = { traceparent: `00-${traceId}-b7ad6b7169203331-01` };
  const answered = once(child, "message");
  child.kill("SIGCONT");
  child.send({ requestId, event: { orderId, user, headers } });
  const [answer] = (await answered) as [unknown];
  child.kill("SIGSTOP");
  return answer;
}

test("lambda.ts: when an invocation is over its records are written and delivered, though the process stops", async () => {
  const receiver = await OtlpReceiver.start();
  onTestFinished(() => receiver.stop());
  const child = startRuntime(new URL(receiver.url).origin);
  const output = text(child.stdout as NodeJS.ReadableStream);
  const requests = [1, 2, -3, 4].map(shopRequest);
  for (const request of requests) {
    const isGood = request.orderId > 0;
    const expected = isGood
      ? { isPaid: true }
      : { error: `RangeError: There is no order ${request.orderId}` };
    expect(await invoke(child, request)).toEqual(expected);
    const delivered = receiver.records.filter(({ traceId }) => traceId === request.traceId);
    expect(delivered.map(({ attributes }) => [attributes.get("requestId"), attributes.get("user")])).toEqual([
      [request.requestId, request.user],
      [request.requestId, request.user],
    ]);
  }
  child.kill("SIGCONT");
  child.disconnect();
  const lines = linesOf(await output);
  expect(lines).toHaveLength(8);
  for (const request of requests) {
    expect(linesOfRequest(lines, request).map(({ msg }) => msg)).toEqual([
      `Paying order ${request.orderId}`,
      request.orderId > 0 ? `Order ${request.orderId} is paid` : "Cannot pay",
    ]);
  }
});

test("lambda.ts: a collector that is away fails no invocation; its records come with a later one", async () => {
  const gone = await OtlpReceiver.start();
  const { port, origin } = new URL(gone.url);
  await gone.stop();
  const child = startRuntime(origin);
  child.stdout?.resume();
  const [first, second] = [shopRequest(1), shopRequest(2)];
  expect(await invoke(child, first)).toEqual({ isPaid: true });
  const receiver = await OtlpReceiver.start({ port: Number(port) });
  onTestFinished(() => receiver.stop());
  // The wait before the next attempt may be longer than one invocation is willing to wait.
  for (let i = 0; i < 10 && !receiver.records.some(({ traceId }) => traceId === second.traceId); i++)
    expect(await invoke(child, second)).toEqual({ isPaid: true });
  expect(receiver.records.filter(({ traceId }) => traceId === first.traceId)).toHaveLength(2);
  expect(receiver.records.filter(({ traceId }) => traceId === second.traceId).length).toBeGreaterThan(0);
});
