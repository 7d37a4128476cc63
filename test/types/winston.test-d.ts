import { describe, expectTypeOf, test } from "vitest";
import winston from "winston";

import {
  type Capture,
  captureWinston,
  femtoFormat,
  FemtoWinstonTransport,
  type WinstonCaptureOptions,
  type WinstonFormatOptions,
  type WinstonTransportOptions,
} from "../../src/bridges/winston/index.ts";
import type { Level, Logging } from "../../src/index.ts";

describe("winston", () => {
  test("the transport is one of winston's, wherever winston takes one", () => {
    const transport = new FemtoWinstonTransport({ level: "warn", handleExceptions: true });
    expectTypeOf(transport).toExtend<winston.transport>();
    expectTypeOf(winston.createLogger).toBeCallableWith({ transports: [transport] });
    expectTypeOf(winston.createLogger).toBeCallableWith({
      transports: transport,
      exceptionHandlers: [transport],
    });
  });

  test("the format is one of winston's", () => {
    expectTypeOf(femtoFormat).returns.toExtend<winston.Logform.Format>();
    expectTypeOf(winston.format.combine).toBeCallableWith(winston.format.json(), femtoFormat());
  });

  test("options have their types", () => {
    expectTypeOf<WinstonTransportOptions["logging"]>().toEqualTypeOf<Logging | undefined>();
    expectTypeOf<WinstonTransportOptions["format"]>().toEqualTypeOf<winston.Logform.Format | undefined>();
    expectTypeOf<WinstonTransportOptions["severities"]>().toEqualTypeOf<
      Readonly<Record<string, Level>> | undefined
    >();
    expectTypeOf<WinstonFormatOptions["levels"]>().toEqualTypeOf<
      Readonly<Record<string, number>> | undefined
    >();
    expectTypeOf<WinstonCaptureOptions["modules"]>().toEqualTypeOf<readonly object[] | undefined>();
    // @ts-expect-error No such option.
    expectTypeOf(new FemtoWinstonTransport({ levle: "info" })).not.toBeAny();
    // @ts-expect-error No such level.
    expectTypeOf(femtoFormat({ severities: { audit: "LOUD" } })).not.toBeAny();
  });

  test("a capture is disposable", () => {
    expectTypeOf(captureWinston).returns.toEqualTypeOf<Capture>();
    expectTypeOf<Capture>().toExtend<Disposable>();
  });
});
