import { once } from "node:events";
import { randomBytes } from "node:crypto";
import { request, type IncomingMessage } from "node:http";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { expect } from "vitest";
import { finish, type Line, makeFolder, readLines, startExample } from "../run-example.ts";

/** One request to a shop, with all that its records must carry. */
export interface ShopRequest {
  readonly orderId: number;
  readonly requestId: string;
  readonly user: string;
  readonly traceId: string;
}

/** A request of its own kind for each number; a negative order is none that exists. */
export function shopRequest(orderId: number): ShopRequest {
  const traceId = randomBytes(16).toString("hex");
  return { orderId, requestId: `request${orderId}`, user: `user${orderId}`, traceId };
}

/** Sends all requests at once, to a shop that runs in a process of its own, and ends that. @returns What it has logged. */
export async function runShop(
  name: string,
  requests: readonly ShopRequest[],
): Promise<{ readonly statuses: readonly number[]; readonly lines: readonly Line[] }> {
  const folder = await makeFolder();
  const child = await startExample({ path: `frameworks/${name}.ts`, folder });
  const ended = finish(child);
  const [chunk] = (await Promise.race([
    once(child.stdout as NodeJS.ReadableStream, "data"),
    ended.then(({ stderr }) => Promise.reject(new Error(stderr))),
  ])) as [string];
  const url = `http://127.0.0.1:${chunk.trim()}/pay`;
  const statuses = await Promise.all(requests.map((one) => post(url, one)));
  child.kill("SIGTERM");
  const { exitCode, stderr } = await ended;
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
  return { statuses, lines: await readLines(join(folder, `${name}.jsonl`)) };
}

/** The body comes in two pieces, the second from outside of whatever the first one has begun. */
async function post(url: string, { orderId, requestId, user, traceId }: ShopRequest): Promise<number> {
  const headers = {
    "content-type": "application/json",
    "x-request-id": requestId,
    "x-user": user,
    traceparent: `00-${traceId}-b7ad6b7169203331-01`,
  };
  const sent = request(url, { method: "POST", headers, agent: false });
  sent.write('{ "orderId":');
  await sleep(Math.random() * 20);
  sent.end(`${orderId} }`);
  const [response] = (await once(sent, "response")) as [IncomingMessage];
  response.resume();
  await once(response, "end");
  return response.statusCode ?? 0;
}

/** The lines of a request, each checked to carry all of what was bound for it. */
export function linesOfRequest(lines: readonly Line[], shopped: ShopRequest): readonly Line[] {
  const { requestId, user, traceId, orderId } = shopped;
  const own = lines.filter((line) => line["requestId"] === requestId);
  for (const line of own) {
    expect(line).toMatchObject({ user, trace_id: traceId, span_id: expect.stringMatching(/^[0-9a-f]{16}$/) });
    if (Object.hasOwn(line, "orderId")) expect(line["orderId"]).toBe(orderId);
  }
  expect(lines.filter((line) => line["trace_id"] === traceId)).toEqual(own);
  return own;
}
