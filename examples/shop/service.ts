/** The shop as an HTTP service: POST /orders. */
import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { getLogger, withContext } from "./audited-logger.ts";
import { checkOut } from "./checkout.ts";
import { OrderRefusedError, PaymentError } from "./orders.ts";
import type { Banks } from "./payment.ts";
import { inSpan } from "./tracing.ts";

const log = getLogger("shop.http");

/** A service that listens. */
export interface ShopService {
  /** Such as http://127.0.0.1:3000. */
  readonly origin: string;
  /** Closes the port and the connections. */
  readonly close: () => Promise<void>;
}

/** Opens the shop, on a free port of this machine. */
export async function openShop(banks: Banks): Promise<ShopService> {
  const server = createServer((request, response) => void serve({ request, response, banks }));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return { origin: `http://127.0.0.1:${port}`, close: () => close(server) };
}

interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly banks: Banks;
}

async function serve(exchange: Exchange): Promise<void> {
  const { request } = exchange;
  // Every record that any module makes on the way has these, and the ids of the span.
  const attributes = { requestId: headerOf(request, "x-request-id"), tenant: headerOf(request, "x-tenant") };
  await withContext(attributes, () => inSpan(() => answer(exchange), headerOf(request, "traceparent")));
}

async function answer({ request, response, banks }: Exchange): Promise<void> {
  const startMillis = performance.now();
  const { method = "", url = "" } = request;
  log.info("{method} {url}", { method, url, port: request.socket.remotePort ?? 0 });
  log.trace("never made: the level is DEBUG", () => ({ headers: request.rawHeaders }));
  const status = await takeOrder(request, banks);
  response.writeHead(status).end();
  const ms = Math.round((performance.now() - startMillis) * 1_000) / 1_000;
  log.info("{method} {url} answered {status}", { method, url, status, ms });
}

/** Takes the order in the body. @returns The status of the answer. */
async function takeOrder(request: IncomingMessage, banks: Banks): Promise<number> {
  try {
    await checkOut(await text(request), banks);
    return 201;
  } catch (error) {
    if (error instanceof SyntaxError) {
      log.exception(error, "The body is no JSON");
      return 400;
    }
    if (error instanceof OrderRefusedError) {
      log.error(error);
      return 409;
    }
    const status = error instanceof PaymentError ? 502 : 500;
    log.exception(error, "Order failed, answering {status}", { status });
    return status;
  }
}

function headerOf(request: IncomingMessage, name: string): string {
  const value = request.headers[name];
  return typeof value === "string" ? value : "";
}

async function close(server: Server): Promise<void> {
  const closed = once(server, "close");
  server.close();
  server.closeAllConnections();
  await closed;
}
