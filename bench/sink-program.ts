/** Counts lines that come by HTTP or by a bare connection, as its one argument says, and answers its parent. */
import { createServer as createHttpServer } from "node:http";
import { type AddressInfo, createServer } from "node:net";

import type { SinkCounts, SinkKind } from "./sink-process.ts";

const LINE_FEED = 10;

let records = 0;
let bytes = 0;
let expected = Number.POSITIVE_INFINITY;

function take(chunk: Buffer): void {
  bytes += chunk.length;
  for (let at = chunk.indexOf(LINE_FEED); at >= 0; at = chunk.indexOf(LINE_FEED, at + 1)) records++;
  answer();
}

function answer(): void {
  if (records < expected) return;
  expected = Number.POSITIVE_INFINITY;
  process.send?.({ records, bytes } satisfies SinkCounts);
}

const kind = process.argv[2] as SinkKind;
const server =
  kind === "http"
    ? createHttpServer((request, response) => {
        request.on("data", take).once("end", () => response.writeHead(204).end());
      })
    : createServer((socket) => socket.on("data", take));

process.on("message", (recordCount: number) => {
  expected = recordCount;
  answer();
});
process.on("disconnect", () => process.exit());
server.listen(0, "127.0.0.1", () => process.send?.((server.address() as AddressInfo).port));
