import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";
import { onTestFinished } from "vitest";

/** A web server that keeps the bodies of requests, by path. */
export interface BodyServer {
  /** Without a slash at the end. */
  readonly url: string;
  /** All bodies of a path, one behind the other. */
  readonly bodyOf: (path: string) => Buffer;
  /** How many requests a path has had. */
  readonly requestCountOf: (path: string) => number;
  /** Most requests that were under way at the same time. */
  readonly concurrentMax: () => number;
}

/** Starts a server that answers all requests with 200, or as `answer` says; it ends with the test. */
export async function startBodies(
  answer: (body: Buffer) => Promise<number> = () => Promise.resolve(200),
): Promise<BodyServer> {
  const bodies = new Map<string, Buffer[]>();
  let busyCount = 0;
  let busyMax = 0;
  const server = createServer((request, response) => {
    busyMax = Math.max(busyMax, ++busyCount);
    void buffer(request).then(async (body) => {
      const path = request.url ?? "";
      bodies.set(path, [...(bodies.get(path) ?? []), body]);
      response.statusCode = await answer(body);
      busyCount--;
      response.end();
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    bodyOf: (path) => Buffer.concat(bodies.get(path) ?? []),
    requestCountOf: (path) => bodies.get(path)?.length ?? 0,
    concurrentMax: () => busyMax,
  };
}
