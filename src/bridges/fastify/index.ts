export {
  fastifyLogger,
  type FastifyLogger,
  type FastifyLoggerOptions,
  type FastifyLogMethod,
  type FastifySerializers,
} from "./fastify-logger.ts";
