/**
 * A socket receiver in a process of its own, so that what it costs is not counted against the sender:
 *
 *     node main.js [--keep count|none|records] [--host 127.0.0.1] [--port 0] [--socket-path …] [--frame-bytes-max 1048576]
 *
 * Prints one line, `{"address":…,"target":…}`, when it listens. To the message `{"records":N,"timeoutMillis":M}` of the
 * process that forked it, it answers with its counts, as soon as N records have come or the time is over. Ends on SIGTERM,
 * on SIGINT, and when that process is gone.
 */
import { parseArgs } from "node:util";

import type { SocketReceiverOptions } from "./options.ts";
import { FemtoSocketReceiver } from "./socket-receiver.ts";

/** What the process that forked this one asks for. */
interface CountRequest {
  readonly records: number;
  readonly timeoutMillis: number;
}

/** What the command line says, as far as it says something. What is wrong is found by the receiver. */
function optionsOf(args: readonly string[]): SocketReceiverOptions {
  const { values } = parseArgs({
    args: [...args],
    options: {
      host: { type: "string" },
      port: { type: "string" },
      "socket-path": { type: "string" },
      keep: { type: "string" },
      "frame-bytes-max": { type: "string" },
    },
  });
  return {
    ...(values.host !== undefined && { host: values.host }),
    ...(values.port !== undefined && { port: Number(values.port) }),
    ...(values["socket-path"] !== undefined && { socketPath: values["socket-path"] }),
    ...(values.keep !== undefined && { keep: values.keep as "records" | "none" | "count" }),
    ...(values["frame-bytes-max"] !== undefined && { frameBytesMax: Number(values["frame-bytes-max"]) }),
  };
}

const receiver = await FemtoSocketReceiver.start(optionsOf(process.argv.slice(2)));

const stop = (): void => {
  // A listener for it keeps the process alive.
  process.off("disconnect", stop);
  process.off("message", answer);
  void receiver.stop();
};

/** Who asked compares the numbers itself. */
function answer({ records, timeoutMillis }: CountRequest): void {
  const say = (): void => void process.send?.(receiver.counts);
  void receiver.waitFor(records, { timeoutMillis }).then(say, say);
}

process.once("SIGTERM", stop);
process.once("SIGINT", stop);
process.once("disconnect", stop);
process.on("message", answer);

// Only now: whoever has read this line may send a signal.
process.stdout.write(`${JSON.stringify({ address: receiver.address, target: receiver.target })}\n`);
