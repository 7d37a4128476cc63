/** Everything that the bundled application sends to, on loopback, and what it has to have got. */
import { FemtoSocketReceiver, OtlpReceiver } from "../../src/receiver/index.ts";
import { HttpRecords } from "../support/http-records.ts";
import { parseMessage } from "../support/syslog-messages.ts";
import { StreamServer } from "../support/syslog-server.ts";
import type { Targets } from "./programs/application.ts";

function textOf(body: unknown): string {
  return typeof body === "string" ? body : JSON.stringify(body);
}

/** Receivers of all the protocols of the package. */
export class TargetServers implements AsyncDisposable {
  readonly #otlp: OtlpReceiver;
  readonly #otlpJson: OtlpReceiver;
  readonly #inlineOtlp: OtlpReceiver;
  readonly #http: HttpRecords;
  readonly #socket: FemtoSocketReceiver;
  readonly #syslog: StreamServer;

  private constructor(parts: {
    readonly otlp: readonly [OtlpReceiver, OtlpReceiver, OtlpReceiver];
    readonly http: HttpRecords;
    readonly socket: FemtoSocketReceiver;
    readonly syslog: StreamServer;
  }) {
    [this.#otlp, this.#otlpJson, this.#inlineOtlp] = parts.otlp;
    this.#http = parts.http;
    this.#socket = parts.socket;
    this.#syslog = parts.syslog;
  }

  /** Starts all, on free ports. */
  static async start(): Promise<TargetServers> {
    return new TargetServers({
      otlp: [await OtlpReceiver.start(), await OtlpReceiver.start(), await OtlpReceiver.start()],
      http: await HttpRecords.start(),
      socket: await FemtoSocketReceiver.start(),
      syslog: await StreamServer.start(),
    });
  }

  /** Where they listen. */
  get targets(): Targets {
    const { target } = this.#socket;
    return {
      otlpUrl: this.#otlp.url,
      otlpJsonUrl: this.#otlpJson.url,
      inlineOtlpUrl: this.#inlineOtlp.url,
      httpUrl: this.#http.url,
      socketPort: "port" in target ? target.port : 0,
      syslogPort: this.#syslog.port,
    };
  }

  /** Waits for what the system still holds of a process that has ended: sockets and syslog have no answers. */
  async arrived(count: number): Promise<void> {
    await this.#socket.waitFor(count, { timeoutMillis: 30_000 });
    await this.#syslog.received(count);
  }

  /** The texts that came, by destination, in their order. */
  get received(): Readonly<Record<string, readonly string[]>> {
    const bodies = ({ records }: OtlpReceiver): string[] => records.map(({ body }) => textOf(body));
    return {
      otlp: bodies(this.#otlp),
      otlpJson: bodies(this.#otlpJson),
      inlineOtlp: bodies(this.#inlineOtlp),
      http: this.#http.records.map(({ msg }) => textOf(msg)),
      socket: this.#socket.records.map(({ body }) => textOf(body)),
      syslog: this.#syslog.messages.map((text) => parseMessage(text).msg),
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([this.#otlp, this.#otlpJson, this.#inlineOtlp].map((receiver) => receiver.stop()));
    await Promise.all([this.#http.stop(), this.#socket.stop(), this.#syslog.stop()]);
  }
}
