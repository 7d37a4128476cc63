/**
 * A peer for loggers that send lines over TCP: counts them, and looks into none. Prints `{"target":{"host":…,"port":…}}` when it
 * listens. To the message `{"records":N,"timeoutMillis":M}` it answers with its counts when N lines have come, or the time is over.
 */
import { type AddressInfo, createServer } from "node:net";

const NEWLINE = 10;

interface CountRequest {
  readonly records: number;
  readonly timeoutMillis: number;
}

let records = 0;
let bytes = 0;
let request: CountRequest | undefined;
let timer: NodeJS.Timeout | undefined;

function answer(): void {
  clearTimeout(timer);
  request = undefined;
  process.send?.({ records, bytes });
}

function take(chunk: Buffer): void {
  bytes += chunk.length;
  for (let at = chunk.indexOf(NEWLINE); at >= 0; at = chunk.indexOf(NEWLINE, at + 1)) records++;
  if (request !== undefined && records >= request.records) answer();
}

const server = createServer((socket) => socket.on("data", take));
server.listen(0, "127.0.0.1", () => {
  const { address: host, port } = server.address() as AddressInfo;
  process.stdout.write(`${JSON.stringify({ target: { host, port } })}\n`);
});

process.on("message", (asked: CountRequest) => {
  request = asked;
  if (records >= asked.records) answer();
  else timer = setTimeout(answer, asked.timeoutMillis);
});
process.once("disconnect", () => process.exit());
