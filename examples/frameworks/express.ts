/**
 * Express, with one middleware for the context of a request.
 *
 *     node express.ts        prints the port it listens on; ends with SIGTERM
 */
import express, { type ErrorRequestHandler } from "express";
import { basicConfig, FemtoFileHandler, getLogger } from "femtologging";
import { pay, type Order } from "./orders.ts";
import { requestContext } from "./request-context.ts";
import { serve } from "./serve.ts";
import { startTracing } from "./tracing.ts";

startTracing();
basicConfig({ handlers: [new FemtoFileHandler({ path: "express.jsonl" })] });

// #region express
const log = getLogger("shop.http");

const answerErrors: ErrorRequestHandler = (error, request, response, _next) => {
  log.exception(error, "{method} {path} failed", { method: request.method, path: request.path });
  response.status(500).json({ error: "Internal Server Error" });
};

const app = express();
app.use(requestContext);
app.use(express.json());
app.post("/pay", async (request, response) => {
  await pay(request.body as Order);
  response.json({ isPaid: true });
});
app.use(answerErrors);
// #endregion

serve(app);
