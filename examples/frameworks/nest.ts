/**
 * NestJS: a logger service, and the context of a request. Without decorators, because Node runs this file as it is:
 * `@Module` and `@Injectable` do what is written out here. Nest's services stand behind Express.
 *
 *     node nest.ts           prints the port it listens on; ends with SIGTERM
 */
import { Logger, type OnModuleInit } from "@nestjs/common";
import { NestFactory } from "@nestjs/core";
import express, { type ErrorRequestHandler } from "express";
import { basicConfig, FemtoFileHandler } from "femtologging";
import { FemtoLoggerService } from "./femto-logger-service.ts";
import { pay, type Order } from "./orders.ts";
import { requestContext } from "./request-context.ts";
import { serve } from "./serve.ts";
import { startTracing } from "./tracing.ts";

startTracing();
basicConfig({ level: "DEBUG", handlers: [new FemtoFileHandler({ path: "nest.jsonl" })] });

class OrdersService {
  readonly #logger = new Logger(OrdersService.name);

  async pay(order: Order): Promise<void> {
    this.#logger.log(`Order ${order.orderId} came in`, { orderId: order.orderId });
    try {
      await pay(order);
    } catch (error) {
      this.#logger.error("Cannot take the money", error);
      throw error;
    }
    this.#logger.debug({ orderId: order.orderId, isPaid: true });
  }
}

class OrdersModule implements OnModuleInit {
  onModuleInit(): void {
    new Logger(OrdersModule.name).log("Orders are taken");
  }
}

const nest = await NestFactory.createApplicationContext(
  { module: OrdersModule, providers: [{ provide: OrdersService, useClass: OrdersService }] },
  { logger: new FemtoLoggerService() },
);
const orders = nest.get(OrdersService);

const answerErrors: ErrorRequestHandler = (_error, _request, response, _next) => {
  response.status(500).json({ error: "Internal Server Error" });
};

const app = express();
app.use(requestContext, express.json());
app.post("/pay", async (request, response) => {
  await orders.pay(request.body as Order);
  response.json({ isPaid: true });
});
app.use(answerErrors);
serve(app);
