/**
 * Fastify. Its own records and those of the application carry the id of the request, the trace and the user.
 *
 *     node fastify.ts        prints the port it listens on; ends with SIGTERM
 */
// #region fastify
import { randomUUID } from "node:crypto";
import { createServer, type IncomingMessage } from "node:http";
import { fastify } from "fastify";
import { basicConfig, FemtoFileHandler, flush, withContext } from "femtologging";
import { fastifyLogger } from "femtologging/fastify";
import { pay, type Order } from "./orders.ts";
import { inSpan, startRequestSpan, startTracing } from "./tracing.ts";

startTracing();
basicConfig({ handlers: [new FemtoFileHandler({ path: "fastify.jsonl" })] });

/** What the records of a request have in common. */
interface RequestContext {
  readonly requestId: string;
  readonly user: string | undefined;
  readonly span: ReturnType<typeof startRequestSpan>;
}

const contexts = new WeakMap<IncomingMessage, RequestContext>();

function contextOf(request: IncomingMessage): RequestContext {
  const { headers, url = "/" } = request;
  const [requestId = randomUUID(), user] = [headers["x-request-id"], headers["x-user"]].map((value) =>
    value?.toString(),
  );
  const made = contexts.get(request) ?? { requestId, user, span: startRequestSpan(url, headers) };
  contexts.set(request, made);
  return made;
}

/** What `work` calls, also later, logs with the ids of the request, whichever logger it uses. */
function inRequest(request: IncomingMessage, work: () => void): void {
  const { requestId, user, span } = contextOf(request);
  inSpan(span, () => withContext({ requestId, user }, work));
}

const server = fastify({
  loggerInstance: fastifyLogger(),
  genReqId: (request) => contextOf(request).requestId,
  // The first record of a request comes before any hook.
  serverFactory: (handle) =>
    createServer((request, response) => {
      response.once("close", () => contextOf(request).span.end());
      inRequest(request, () => handle(request, response));
    }),
});
// Once more: what reads the body of a request calls back from outside.
server.addHook("preValidation", (request, _reply, done) => inRequest(request.raw, done));

server.post<{ Body: Order }>("/pay", async (request) => {
  request.log.info({ orderId: request.body.orderId }, "asked to pay");
  await pay(request.body);
  return { isPaid: true };
});
// #endregion

console.log(new URL(await server.listen({ host: "127.0.0.1", port: 0 })).port);

process.once("SIGTERM", () => void server.close().then(() => flush()));
