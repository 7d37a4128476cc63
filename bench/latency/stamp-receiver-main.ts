/** The program of `StampReceiver`. */
import { once } from "node:events";

import { type DecodedLogRecord, OtlpReceiver } from "femtologging/receiver";

import { monotonicMillis } from "../clock.ts";
import { Distribution } from "./distribution.ts";
import type { StampMessage } from "./stamp-receiver.ts";

const untimedCount = Number(process.argv[2]);
const delays = new Distribution();
let recordCount = 0;

function takeRecords(records: readonly DecodedLogRecord[]): void {
  const now = monotonicMillis();
  for (const { attributes } of records) {
    recordCount++;
    const at = attributes.get("at");
    // A bigint where the time was a whole number.
    if (recordCount > untimedCount && at !== undefined) delays.record(now - Number(at));
  }
}

function send(message: StampMessage): void {
  process.send?.(message);
}

const receiver = await OtlpReceiver.start({ keepCountMax: 0, onRecords: takeRecords });
send({ url: receiver.url });
await once(process, "message");
send({ recordCount, delays: delays.summary() });
await receiver.stop();
