/** The receiver of this package in a process of its own, where it only counts. */
import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { get } from "node:http";
import { createInterface } from "node:readline";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";

const PROGRAM: string = fileURLToPath(new URL("main.js", import.meta.resolve("femtologging/receiver")));
const WAIT_MILLIS = 60_000;
/**
 * What it reads lies outside of V8's heap and is given back when the young generation is collected, so that a small one costs least: 120 ns a
 * record in place of 300, on cores that the sender needs too.
 */
const SMALL_YOUNG_GENERATION = "--max-semi-space-size=1";

/** What a receiver has got since its start. */
export interface ReceivedCounts {
  readonly requests: number;
  readonly records: number;
  readonly bytes: number;
  readonly rejected: number;
  readonly errors: number;
}

interface ReceiverUrls {
  readonly url: string;
  readonly grpcUrl: string;
  readonly statsUrl: string;
}

/** A running receiver. */
export class ReceiverProcess {
  readonly url: string;
  /** The same by gRPC. */
  readonly grpcUrl: string;
  readonly #statsUrl: string;
  readonly #child: ChildProcess;

  private constructor(child: ChildProcess, urls: ReceiverUrls) {
    this.#child = child;
    this.url = urls.url;
    this.grpcUrl = urls.grpcUrl;
    this.#statsUrl = urls.statsUrl;
  }

  /** @param port Where it listens by HTTP; 0 for any that is free. */
  static async start(port: number = 0): Promise<ReceiverProcess> {
    const child = fork(PROGRAM, ["--keep", "count", "--port", String(port), "--grpc-port", "0"], {
      stdio: ["ignore", "pipe", "inherit", "ipc"],
      execArgv: [SMALL_YOUNG_GENERATION],
    });
    if (child.stdout === null) throw new Error("The receiver has no stdout");
    const [line] = (await once(createInterface(child.stdout), "line")) as [string];
    return new ReceiverProcess(child, JSON.parse(line) as ReceiverUrls);
  }

  /** Waits until so many records have been accepted. @throws {Error} They were not within a minute, or more were. */
  async expect(recordCount: number): Promise<ReceivedCounts> {
    const url = `${this.#statsUrl}?records=${recordCount}&timeoutMillis=${WAIT_MILLIS}`;
    const [response] = await once(get(url), "response");
    const counts = JSON.parse(await text(response)) as ReceivedCounts;
    if (counts.records !== recordCount || counts.rejected !== 0 || counts.errors !== 0) {
      throw new Error(`${recordCount} records were logged, the receiver has ${JSON.stringify(counts)}`);
    }
    return counts;
  }

  /** What it has got so far. */
  async counts(): Promise<ReceivedCounts> {
    const [response] = await once(get(this.#statsUrl), "response");
    return JSON.parse(await text(response)) as ReceivedCounts;
  }

  /** Ends it. */
  async stop(): Promise<void> {
    const exited = once(this.#child, "exit");
    this.#child.disconnect();
    await exited;
  }
}
