import type { IncomingMessage, ServerResponse } from "node:http";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";

import type { DecodedLogRecord } from "../../proto/model.ts";
import type { Ledger } from "./ledger.ts";
import { toJsonLine } from "./record-json.ts";

/** Records in one piece of the answer: a line each would be a write each. */
const chunkRecordCount = 256;
const timeoutMillisDefault = 10_000;
const timeoutMillisMax = 600_000;

/**
 * Answers with the counts as one JSON object. With `?records=N` it waits until that many have been accepted, for at
 * most `&timeoutMillis=M` (10,000 by default, up to 600,000), and answers 504 with the counts when they were not.
 */
export async function serveStats(
  request: IncomingMessage,
  response: ServerResponse,
  ledger: Ledger,
): Promise<void> {
  const query = new URLSearchParams(request.url?.split("?")[1]);
  const recordCount = Number(query.get("records") ?? 0);
  const timeoutMillis = Number(query.get("timeoutMillis") ?? timeoutMillisDefault);
  const isAllowed = recordCount >= 0 && timeoutMillis >= 0 && timeoutMillis <= timeoutMillisMax;
  if (!isAllowed) {
    sendJson(response, 400, {
      message: `Cannot wait: "records" must be at least 0, "timeoutMillis" from 0 to ${timeoutMillisMax}`,
    });
    return;
  }
  const describe = (reached: number): string => `Waited for ${recordCount} records, got ${reached}`;
  const isReached = await ledger.recordMilestones.wait(recordCount, { timeoutMillis, describe }).then(
    () => true,
    () => false,
  );
  sendJson(response, isReached ? 200 : 504, ledger.counts);
}

/** Answers with the kept records, one line of JSON each. */
export async function serveRecords(
  _request: IncomingMessage,
  response: ServerResponse,
  ledger: Ledger,
): Promise<void> {
  response.writeHead(200, { "content-type": "application/jsonl" });
  // A reader that leaves in the middle is no fault of ours.
  await pipeline(Readable.from(linesOf(ledger.records)), response).catch(() => undefined);
}

function* linesOf(records: readonly DecodedLogRecord[]): Generator<string> {
  // Those that come in while the answer is being read belong to the next one.
  const recordCount = records.length;
  for (let begin = 0; begin < recordCount; begin += chunkRecordCount) {
    const end = Math.min(begin + chunkRecordCount, recordCount);
    yield records.slice(begin, end).map(toJsonLine).join("");
  }
}

function sendJson(response: ServerResponse, status: number, value: object): void {
  response.writeHead(status, { "content-type": "application/json" });
  response.end(JSON.stringify(value));
}
