/**
 * An OTLP receiver that takes so many records a second while it is slow, in a process of its own: requests wait before they are handed to the
 * receiver of this package, one after the other, as those of a collector whose own way out is slow.
 */
import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";
import { setTimeout as sleep } from "node:timers/promises";

import { OtlpReceiver } from "femtologging/receiver";
import { request as send } from "undici";

import { monotonicMillis } from "../clock.ts";
import { isSlow, type Schedule } from "./schedule.ts";
import { onOrder, report } from "./sink-messages.ts";
import { type ReceivedValues, Tally } from "./tally.ts";

const WAIT_MILLIS = 30_000;

let schedule: Schedule | undefined;
let tally: Tally | undefined;
/** Of the requests that came while the receiver was fast: what a record takes. 0 before the first of them, which never waits. */
let recordBytes = 0;
/** Until then the requests so far keep the slow receiver busy. */
let busyUntilMillis = 0;
let failure: Error | undefined;

const receiver = await OtlpReceiver.start({
  keepCountMax: 0,
  onRecords: (records) => {
    const now = monotonicMillis();
    for (const { attributes } of records) takeOne(Object.fromEntries(attributes), now);
  },
});

function takeOne(values: ReceivedValues, now: number): void {
  try {
    const { seq } = values;
    tally?.take(typeof seq === "bigint" ? { ...values, seq: Number(seq) } : values, now);
  } catch (error) {
    failure ??= error as Error;
  }
}

/** How long a request of this size has to wait. */
function waitMillis(byteCount: number): number {
  const now = monotonicMillis();
  if (schedule === undefined || recordBytes === 0 || !isSlow(schedule, now)) return 0;
  const { share, ratePerSecond, slowUntilMillis } = schedule;
  const millis = (byteCount / recordBytes / (share * ratePerSecond)) * 1000;
  busyUntilMillis = Math.min(slowUntilMillis, Math.max(now, busyUntilMillis) + millis);
  return busyUntilMillis - now;
}

async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const body = await buffer(request);
  await sleep(waitMillis(body.length));
  const { "content-type": type = "" } = request.headers;
  const answer = await send(receiver.url, { method: "POST", headers: { "content-type": type }, body });
  const { bytes, records } = receiver.counts;
  if (schedule === undefined || recordBytes === 0 || !isSlow(schedule, monotonicMillis()))
    recordBytes = bytes / records;
  response.writeHead(answer.statusCode, { "content-type": type });
  response.end(Buffer.from(await answer.body.arrayBuffer()));
}

const server = createServer((request, response) => void serve(request, response));
server.listen(0, "127.0.0.1");
await once(server, "listening");

onOrder(async (order) => {
  if (order.kind === "schedule") {
    schedule = order.schedule;
    tally = new Tally(schedule, false);
    return;
  }
  if (order.records !== undefined) await receiver.waitFor(order.records, { timeoutMillis: WAIT_MILLIS });
  if (failure !== undefined) throw failure;
  if (tally !== undefined) report({ kind: "finished", result: tally.result() });
});
report({ kind: "ready", target: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1/logs` });
