/** The receiver of this package, some milliseconds away. */
import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";

import type { OtlpTransport } from "./peers/otlp-subject.ts";
import { type ReceivedCounts, ReceiverProcess } from "./receiver-process.ts";

const PROXY: string = fileURLToPath(new URL("delay-proxy.ts", import.meta.url));

/** A running receiver behind a proxy that takes its time. */
export class DistantReceiver {
  /** Where to send. */
  readonly url: string;
  readonly #receiver: ReceiverProcess;
  readonly #proxy: ChildProcess;

  private constructor(
    url: string,
    parts: { readonly receiver: ReceiverProcess; readonly proxy: ChildProcess },
  ) {
    this.url = url;
    this.#receiver = parts.receiver;
    this.#proxy = parts.proxy;
  }

  /** @param roundTripMillis From a request to its answer, at least: half of it each way. */
  static async start(transport: OtlpTransport, roundTripMillis: number): Promise<DistantReceiver> {
    const receiver = await ReceiverProcess.start();
    const url = new URL(transport === "http" ? receiver.url : receiver.grpcUrl);
    const proxy = fork(PROXY, [url.port, String(roundTripMillis / 2)], { execArgv: [] });
    const [port] = (await once(proxy, "message")) as [number];
    url.port = String(port);
    return new DistantReceiver(url.href, { receiver, proxy });
  }

  /** As that of the receiver. */
  expect(recordCount: number): Promise<ReceivedCounts> {
    return this.#receiver.expect(recordCount);
  }

  /** Ends both. */
  async stop(): Promise<void> {
    const exited = once(this.#proxy, "exit");
    this.#proxy.disconnect();
    await exited;
    await this.#receiver.stop();
  }
}
