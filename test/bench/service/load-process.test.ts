import { once } from "node:events";
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { expect, onTestFinished, test } from "vitest";

import { LoadProcess } from "../../../bench/service/load-process.ts";
import { answerOrder } from "../../../bench/service/work.ts";

/** A server that hands each request's right answer to `respond`. */
async function serve(respond: (response: ServerResponse, answer: string) => void): Promise<string> {
  const server = createServer((request, response) => {
    void text(request).then((body) => respond(response, answerOrder(body)));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

function startLoad(): LoadProcess {
  const load = new LoadProcess();
  onTestFinished(() => load.stop());
  return load;
}

test("open load goes on while the server answers nobody, and counts latency from when a request was due", async () => {
  const held: (() => void)[] = [];
  const count = 40;
  const url = await serve((response, answer) => {
    held.push(() => response.end(answer));
    // All wait for the last one, which is due 400 ms after the first.
    if (held.length === count) for (const release of held) release();
  });
  const { latency } = await startLoad().run({ kind: "open", url, count, ratePerSecond: 100, seed: 1 });
  expect(latency.max).toBeGreaterThan(300);
  expect(latency.p50).toBeGreaterThan(100);
});

test("closed load waits for answers: never more requests are under way than there are users", async () => {
  let underWay = 0;
  let underWayMax = 0;
  const url = await serve((response, answer) => {
    underWayMax = Math.max(underWayMax, ++underWay);
    setTimeout(() => {
      underWay--;
      response.end(answer);
    }, 5);
  });
  const { requestsPerSecond } = await startLoad().run({ kind: "closed", url, count: 30, concurrency: 3 });
  expect(underWayMax).toBe(3);
  expect(requestsPerSecond).toBeLessThan(600);
});

test("run() rejects when an answer is wrong", async () => {
  const url = await serve((response) => response.end("{}"));
  const step = { kind: "closed", url, count: 1, concurrency: 1 } as const;
  await expect(startLoad().run(step)).rejects.toThrow("Request 0 was answered with 200: {}");
});
