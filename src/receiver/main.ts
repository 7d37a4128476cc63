/**
 * A receiver in a process of its own, so that what it costs is not counted against the sender:
 *
 *     node main.js [--keep count|records] [--host 127.0.0.1] [--port 0] [--grpc-port 0] [--path /v1/logs] [--body-bytes-max 67108864]
 *
 * Prints one line, `{"url":…,"statsUrl":…,"recordsUrl":…}`, when it listens; with `--grpc-port` it has `"grpcUrl":…` too. Ends on SIGTERM, on SIGINT, and when the
 * process that forked it is gone.
 */
import { parseArgs } from "node:util";

import type { OtlpReceiverOptions } from "./options.ts";
import { OtlpReceiver } from "./receiver.ts";

/** What the command line says, as far as it says something. What is wrong is found by the receiver. */
function optionsOf(args: readonly string[]): OtlpReceiverOptions {
  const { values } = parseArgs({
    args: [...args],
    options: {
      host: { type: "string" },
      port: { type: "string" },
      "grpc-port": { type: "string" },
      path: { type: "string" },
      keep: { type: "string" },
      "keep-count-max": { type: "string" },
      "body-bytes-max": { type: "string" },
    },
  });
  return {
    ...(values.host !== undefined && { host: values.host }),
    ...(values.port !== undefined && { port: Number(values.port) }),
    ...(values["grpc-port"] !== undefined && { grpcPort: Number(values["grpc-port"]) }),
    ...(values.path !== undefined && { path: values.path }),
    ...(values.keep !== undefined && { keep: values.keep as "records" | "count" }),
    ...(values["keep-count-max"] !== undefined && { keepCountMax: Number(values["keep-count-max"]) }),
    ...(values["body-bytes-max"] !== undefined && { bodyBytesMax: Number(values["body-bytes-max"]) }),
  };
}

const options = optionsOf(process.argv.slice(2));
const receiver = await OtlpReceiver.start(options);

const stop = (): void => {
  // A listener for it keeps the process alive.
  process.off("disconnect", stop);
  void receiver.stop();
};
process.once("SIGTERM", stop);
process.once("SIGINT", stop);
process.once("disconnect", stop);

// Only now: whoever has read this line may send a signal.
const { url, statsUrl, recordsUrl } = receiver;
const grpc = options.grpcPort === undefined ? {} : { grpcUrl: receiver.grpcUrl };
process.stdout.write(`${JSON.stringify({ url, ...grpc, statsUrl, recordsUrl })}\n`);
