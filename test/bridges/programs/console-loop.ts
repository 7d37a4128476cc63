// Everything that could lead a record of the console back to the console.
import { diag, DiagLogLevel } from "@opentelemetry/api";
import { captureConsole } from "../../../src/bridges/index.ts";
import { basicConfig, FemtoOtlpHttpHandler, FemtoStreamHandler, flush } from "../../../src/index.ts";

captureConsole();
diag.setLogger(
  {
    error: (...values) => console.error(...values),
    warn: (...values) => console.warn(...values),
    info: () => {},
    debug: () => {},
    verbose: () => {},
  },
  DiagLogLevel.WARN,
);
const otlp = new FemtoOtlpHttpHandler({
  // Nobody listens on this port, and none can be told to.
  url: "http://127.0.0.1:1/v1/logs",
  timeoutMillis: 300,
  scheduledDelayMillis: 0,
});
basicConfig({ handlers: [new FemtoStreamHandler({ stream: "stdout", format: "json" }), otlp] });
console.log("first");
await flush({ timeoutMillis: 20_000 });
process.exit(0);
