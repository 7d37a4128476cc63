/** The program of `FifoReader`: reads FIFOs to their ends. A process of its own, so that it does not take part in what is measured. */
import { constants, openSync } from "node:fs";
import { Socket } from "node:net";
import { once } from "node:events";

import { monotonicMillis } from "./clock.ts";
import type { FifoContent, ReaderMessage, ReaderOrder } from "./fifo-reader.ts";
import { Distribution } from "./latency/distribution.ts";
import { SAMPLE_STRIDE } from "./verify.ts";

const NEWLINE = 10;
const AT = Buffer.from('"at":');
/** Longest number that is looked for behind `"at":`, in bytes. */
const NUMBER_LENGTH_MAX = 30;

/** One FIFO. */
class Lines {
  readonly #delays = new Distribution();
  readonly #samples: string[] = [];
  readonly #untimedCount: number;
  #lineCount = 0;
  #byteCount = 0;
  #rest: Buffer = Buffer.alloc(0);

  constructor(untimedCount: number) {
    this.#untimedCount = untimedCount;
  }

  take(chunk: Buffer): void {
    const now = monotonicMillis();
    this.#byteCount += chunk.length;
    const bytes = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
    let begin = 0;
    for (let end = bytes.indexOf(NEWLINE); end >= 0; end = bytes.indexOf(NEWLINE, begin)) {
      this.#takeLine(bytes.subarray(begin, end), now);
      begin = end + 1;
    }
    this.#rest = bytes.subarray(begin);
  }

  #takeLine(line: Buffer, now: number): void {
    if (this.#lineCount++ % SAMPLE_STRIDE === 0) this.#samples.push(line.toString());
    if (this.#lineCount <= this.#untimedCount) return;
    const at = line.indexOf(AT);
    if (at < 0) return;
    const from = at + AT.length;
    this.#delays.record(now - Number.parseFloat(line.toString("latin1", from, from + NUMBER_LENGTH_MAX)));
  }

  content(): FifoContent {
    if (this.#rest.length > 0) throw new Error("A FIFO ends in the middle of a line");
    return {
      lineCount: this.#lineCount,
      byteCount: this.#byteCount,
      samples: this.#samples,
      delays: this.#delays.summary(),
    };
  }
}

async function readToEnd(descriptor: number): Promise<FifoContent> {
  const lines = new Lines(untimedCount);
  const socket = new Socket({ fd: descriptor, readable: true, writable: false });
  socket.on("data", (chunk: Buffer) => lines.take(chunk));
  await once(socket, "end");
  return lines.content();
}

function send(message: ReaderMessage): Promise<void> {
  return new Promise((resolve) => process.send?.(message, () => resolve()));
}

const { paths, untimedCount } = JSON.parse(process.argv[2] ?? "{}") as ReaderOrder;
const descriptors = paths.map((path) => openSync(path, constants.O_RDONLY | constants.O_NONBLOCK));
await send({ kind: "open" });
// A FIFO that nobody has opened for writing yet would end at once: the other side says when it holds them all.
await once(process, "message");
const contents = await Promise.all(descriptors.map((descriptor) => readToEnd(descriptor)));
await send({ kind: "content", contents });
process.disconnect();
