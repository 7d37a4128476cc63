import { describe, expectTypeOf, test } from "vitest";

import {
  type AttributeFilterOptions,
  type DedupFilterOptions,
  FemtoFileHandler,
  type FemtoFilter,
  FemtoLevelFilter,
  type FemtoLogger,
  type FemtoLogRecord,
  FemtoRateLimitFilter,
  type FilterModule,
  type HandlerFilter,
  type LoggerFilter,
  type MessageFilterOptions,
  type RateLimitFilterOptions,
  type SamplingFilterOptions,
} from "../../src/index.ts";

describe("filters", () => {
  test("built-in filters, objects, functions and modules are for loggers and handlers", () => {
    expectTypeOf<FemtoLevelFilter>().toExtend<LoggerFilter>();
    expectTypeOf<(record: FemtoLogRecord) => boolean>().toExtend<LoggerFilter>();
    expectTypeOf<{ filter(record: FemtoLogRecord): FemtoLogRecord }>().toExtend<FemtoFilter>();
    expectTypeOf<LoggerFilter>().toExtend<HandlerFilter>();
    expectTypeOf<FilterModule>().toExtend<HandlerFilter>();
    expectTypeOf<FilterModule>().toExtend<LoggerFilter>();
    expectTypeOf<FemtoLogger["addFilter"]>().parameter(0).toEqualTypeOf<LoggerFilter>();
  });

  test("a filter that answers later, or not, does not compile", () => {
    expectTypeOf<(record: FemtoLogRecord) => Promise<boolean>>().not.toExtend<LoggerFilter>();
    expectTypeOf<(record: FemtoLogRecord) => void>().not.toExtend<LoggerFilter>();
  });

  test("options have their types, and update() takes a part of them", () => {
    expectTypeOf<RateLimitFilterOptions>().toHaveProperty("count").toEqualTypeOf<number>();
    expectTypeOf<RateLimitFilterOptions["per"]>().toEqualTypeOf<"template" | "logger" | "all" | undefined>();
    expectTypeOf<SamplingFilterOptions["by"]>().toEqualTypeOf<"ratio" | "trace" | undefined>();
    expectTypeOf<DedupFilterOptions["attributes"]>().toEqualTypeOf<boolean | readonly string[] | undefined>();
    expectTypeOf<{ key: "k"; value: readonly [1, "a", null, 5n] }>().toExtend<AttributeFilterOptions>();
    expectTypeOf<{ key: "k"; value: { a: 1 } }>().not.toExtend<AttributeFilterOptions>();
    expectTypeOf<{ pattern: RegExp }>().toExtend<MessageFilterOptions>();
    expectTypeOf<{ intervalMillis: 5 }>().toExtend<Parameters<FemtoRateLimitFilter["update"]>[0]>();
    // @ts-expect-error -- `count` must be given.
    void (() => new FemtoRateLimitFilter({}));
  });

  test("builders of handlers take filters, together and one by one", () => {
    const builder = FemtoFileHandler.builder();
    expectTypeOf(builder.filters).parameter(0).toEqualTypeOf<readonly HandlerFilter[]>();
    expectTypeOf(builder.addFilter).parameter(0).toEqualTypeOf<HandlerFilter>();
    expectTypeOf(builder.addFilter(new FemtoLevelFilter()).build()).toEqualTypeOf<FemtoFileHandler>();
  });
});
