import { pino } from "pino";
import { expectTypeOf, test } from "vitest";

import pinoTarget, {
  capturePino,
  pinoDestination,
  type Capture,
  type PinoBridgeOptions,
  type PinoDestination,
  type PinoTargetOptions,
} from "../../src/bridges/pino/index.ts";
import { createLogging } from "../../src/index.ts";

test("a destination is one that pino takes", () => {
  expectTypeOf(pinoDestination()).toEqualTypeOf<PinoDestination>();
  expectTypeOf(pino).toBeCallableWith({ level: "info" }, pinoDestination());
  expectTypeOf(pino).toBeCallableWith(pinoDestination());
  expectTypeOf(pino.multistream).toBeCallableWith([{ level: "info", stream: pinoDestination() }]);
});

test("options are those of CONFIG.md", () => {
  expectTypeOf<PinoBridgeOptions["logger"]>().toEqualTypeOf<string | undefined>();
  expectTypeOf(pinoDestination).toBeCallableWith({ logging: createLogging(), logger: "shop" });
  expectTypeOf<PinoTargetOptions>().toHaveProperty("path");
  expectTypeOf<PinoTargetOptions>().not.toHaveProperty("logging");
  // @ts-expect-error -- No such option.
  pinoDestination({ loger: "shop" });
});

test("capturePino() gives what can be disposed of", () => {
  expectTypeOf(capturePino).returns.toEqualTypeOf<Capture>();
  expectTypeOf<Capture>().toExtend<Disposable>();
});

test("the default export is a target of pino", () => {
  expectTypeOf(pinoTarget).toBeCallableWith({ path: "app.jsonl", otlp: true });
});
