/**
 * Fastify. Its own records and those of the application carry the id of the request, the trace and the user.
 *
 *     node fastify.ts        prints the port it listens on; ends with SIGTERM
 */
// #region fastify
import { randomUUID } from "node:crypto";
import { createServer } from "node:http";
import { fastify } from "fastify";
import { basicConfig, FemtoFileHandler, flush, withContext } from "femtologging";
import { fastifyLogger } from "femtologging/fastify";
import { pay, type Order } from "./orders.ts";
import { inSpan, startRequestSpan, startTracing } from "./tracing.ts";

startTracing();
basicConfig({ handlers: [new FemtoFileHandler({ path: "fastify.jsonl" })] });

const server = fastify({
  loggerInstance: fastifyLogger(),
  requestIdHeader: "x-request-id",
  // Not a hook: the first record of a request comes before any.
  serverFactory: (handle) =>
    createServer((request, response) => {
      const { headers, url = "/" } = request;
      headers["x-request-id"] ??= randomUUID();
      const span = startRequestSpan(url, headers);
      response.once("close", () => span.end());
      const attributes = { requestId: headers["x-request-id"], user: headers["x-user"] };
      inSpan(span, () => withContext(attributes, () => handle(request, response)));
    }),
});

server.post<{ Body: Order }>("/pay", async (request) => {
  request.log.info({ orderId: request.body.orderId }, "asked to pay");
  await pay(request.body);
  return { isPaid: true };
});
// #endregion

console.log(new URL(await server.listen({ host: "127.0.0.1", port: 0 })).port);

process.once("SIGTERM", () => void server.close().then(() => flush()));
