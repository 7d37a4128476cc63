/** A web server that takes records by plain HTTP, in every format that `FemtoHttpHandler` has. */
import { once } from "node:events";
import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";
import { gunzipSync } from "node:zlib";

/** What came for one record: values of forms are texts. */
export type ReceivedRecord = Readonly<Record<string, unknown>>;

export class HttpRecords {
  readonly records: ReceivedRecord[] = [];
  readonly requests: { readonly method: string | undefined; readonly recordCount: number }[] = [];
  /** Answers all requests with this status, and keeps nothing, while it is not 200. */
  status = 200;
  readonly #server: Server;
  #port = 0;

  private constructor(server: Server) {
    this.#server = server;
  }

  static async start(): Promise<HttpRecords> {
    const server = createServer();
    const received = new HttpRecords(server);
    server.on("request", (request, response) => {
      received.#take(request).then(
        () => {
          response.statusCode = received.status;
          response.end();
        },
        // The sender went away in the middle of its request.
        () => response.destroy(),
      );
    });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    received.#port = (server.address() as AddressInfo).port;
    return received;
  }

  get url(): string {
    return `http://127.0.0.1:${this.#port}/logs`;
  }

  async stop(): Promise<void> {
    if (!this.#server.listening) return;
    this.#server.close();
    this.#server.closeAllConnections();
    await once(this.#server, "close");
  }

  async #take(request: IncomingMessage): Promise<void> {
    const received = await buffer(request);
    const text = (
      request.headers["content-encoding"] === "gzip" ? gunzipSync(received) : received
    ).toString();
    const records = recordsIn(request, text);
    this.requests.push({ method: request.method, recordCount: records.length });
    if (this.status === 200) this.records.push(...records);
  }
}

function recordsIn({ method, url, headers }: IncomingMessage, text: string): ReceivedRecord[] {
  if (method === "GET") return [Object.fromEntries(new URL(url ?? "", "http://x").searchParams)];
  switch (headers["content-type"]) {
    case "application/json": {
      const parsed = JSON.parse(text) as ReceivedRecord | ReceivedRecord[];
      return Array.isArray(parsed) ? parsed : [parsed];
    }
    case "application/x-ndjson":
      return text
        .trimEnd()
        .split("\n")
        .map((line) => JSON.parse(line) as ReceivedRecord);
    case "application/x-www-form-urlencoded":
      return [Object.fromEntries(new URLSearchParams(text))];
    default:
      throw new Error(`Cannot read a body of ${headers["content-type"]}`);
  }
}
