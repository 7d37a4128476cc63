import type { NodeSDKConfiguration } from "@opentelemetry/sdk-node";
import type bunyan from "bunyan";
import createDebug from "debug";
import type log4js from "log4js";
import { expectTypeOf, test } from "vitest";

import {
  captureChannel,
  captureConsole,
  captureDebug,
  type Capture,
  type FemtoSpanProcessor,
} from "../../src/bridges/index.ts";
import type { createBunyanStream } from "../../src/bridges/bunyan/index.ts";
import type { configure } from "../../src/bridges/log4js/index.ts";
import { createLogging } from "../../src/index.ts";

test("the span processor is one of the stock SDK", () => {
  type SpanProcessor = NonNullable<NodeSDKConfiguration["spanProcessors"]>[number];
  expectTypeOf<FemtoSpanProcessor>().toExtend<SpanProcessor>();
});

test("the stream is one of bunyan, and the appender one of log4js", () => {
  expectTypeOf<ReturnType<typeof createBunyanStream>>().toExtend<bunyan.Stream>();
  expectTypeOf<{ readonly configure: typeof configure }>().toExtend<log4js.AppenderModule>();
});

test("captures take their options and the systems of createLogging()", () => {
  const logging = createLogging();
  expectTypeOf(captureConsole({ logging, forward: false, logger: "shop" })).toEqualTypeOf<Capture>();
  expectTypeOf(captureDebug({ debug: createDebug, level: "INFO" })).toEqualTypeOf<Capture>();
  captureChannel("a", { map: (message) => ({ body: message }) });
  captureChannel("a", { map: () => undefined });
  // @ts-expect-error: no such option
  captureConsole({ foreward: false });
  // @ts-expect-error: a record has no such field
  captureChannel("a", { map: () => ({ text: "a" }) });
});
