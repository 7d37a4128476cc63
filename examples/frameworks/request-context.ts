/** Middleware for Express, and for all that takes Express' middleware: Nest, Connect. */
// #region request-context
import { randomUUID } from "node:crypto";
import type { RequestHandler } from "express";
import { getLogger, withContext } from "femtologging";
import { inSpan, startRequestSpan } from "./tracing.ts";

const log = getLogger("shop.http");

/** What comes after it logs with the id of the request, its user and its span, whichever logger it uses. */
export const requestContext: RequestHandler = (request, response, next) => {
  const { method, path } = request;
  const span = startRequestSpan(path, request.headers);
  const requestId = request.get("x-request-id") ?? randomUUID();
  const handle = (): void => {
    const startMillis = performance.now();
    response.once("close", () => {
      const millis = performance.now() - startMillis;
      log.info("{method} {path}: {status}", { method, path, status: response.statusCode, millis });
      span.end();
    });
    next();
  };
  inSpan(span, () => withContext({ requestId, user: request.get("x-user") }, handle));
};
// #endregion
