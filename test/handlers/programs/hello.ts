// Logs two records to the stream that the command line says, with the command line's options, and ends.
import { createLogging, FemtoStreamHandler, type StreamHandlerOptions } from "../../../src/index.ts";

const options = JSON.parse(process.argv[2] ?? "{}") as StreamHandlerOptions;
const logger = createLogging({ handlers: [new FemtoStreamHandler(options)] }).getLogger("hello");
logger.info("Hello {name}", { name: "World" });
logger.error("Goodbye");
