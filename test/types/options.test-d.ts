import { describe, expectTypeOf, test } from "vitest";

import type { ConfigProblem } from "../../src/errors.ts";
import type { BASIC_CONFIG_OPTIONS, HandlerLike } from "../../src/options/basic-config-options.ts";
import { createBuilder } from "../../src/options/builder.ts";
import type { OptionTable } from "../../src/options/description.ts";
import { FILE_HANDLER_OPTIONS } from "../../src/options/file-options.ts";
import type { OptionsOf, ResolvedOf } from "../../src/options/infer.ts";
import type { OTLP_HTTP_HANDLER_OPTIONS } from "../../src/options/otlp-http-options.ts";
import { overrideOptions } from "../../src/options/override.ts";
import { PROCESSOR_OPTIONS } from "../../src/options/processor-options.ts";
import type { STREAM_HANDLER_OPTIONS, StreamTarget } from "../../src/options/stream-options.ts";
import { resolveOptions } from "../../src/options/validate.ts";
import type { LevelThreshold } from "../../src/record/severity.ts";

type FileOptions = OptionsOf<typeof FILE_HANDLER_OPTIONS>;
type OtlpOptions = OptionsOf<typeof OTLP_HTTP_HANDLER_OPTIONS>;
type BasicOptions = OptionsOf<typeof BASIC_CONFIG_OPTIONS>;

describe("OptionsOf", () => {
  test("required options must be there, others may be left out or undefined", () => {
    expectTypeOf<{ path: string }>().toExtend<FileOptions>();
    expectTypeOf<{ path: string; mode: undefined }>().toExtend<FileOptions>();
    expectTypeOf<{ mode: "append" }>().not.toExtend<FileOptions>();
    expectTypeOf<{ path: undefined }>().not.toExtend<FileOptions>();
  });

  test("each type of option has its TypeScript type", () => {
    expectTypeOf<FileOptions["path"]>().toEqualTypeOf<string | URL>();
    expectTypeOf<FileOptions["queueBytes"]>().toEqualTypeOf<number | undefined>();
    expectTypeOf<FileOptions["delay"]>().toEqualTypeOf<boolean | undefined>();
    expectTypeOf<FileOptions["terminator"]>().toEqualTypeOf<string | undefined>();
    expectTypeOf<FileOptions["level"]>().toEqualTypeOf<LevelThreshold | undefined>();
    expectTypeOf<FileOptions["overflow"]>().toEqualTypeOf<
      "block" | "drop-newest" | "drop-oldest" | undefined
    >();
    expectTypeOf<OtlpOptions["url"]>().toEqualTypeOf<string | URL | undefined>();
    expectTypeOf<OtlpOptions["headers"]>().toEqualTypeOf<Readonly<Record<string, string>> | undefined>();
  });

  test("an enum takes its aliases too", () => {
    expectTypeOf<FileOptions["mode"]>().toEqualTypeOf<"append" | "truncate" | "a" | "w" | undefined>();
  });

  test("a custom option has the type of its guard, a group that of its table", () => {
    expectTypeOf<OptionsOf<typeof STREAM_HANDLER_OPTIONS>["stream"]>().toEqualTypeOf<
      StreamTarget | undefined
    >();
    expectTypeOf<BasicOptions["handlers"]>().toEqualTypeOf<readonly HandlerLike[] | undefined>();
    expectTypeOf<BasicOptions["otlp"]>().toEqualTypeOf<boolean | OtlpOptions | undefined>();
  });

  test("a level in Python's numbers is any number, or a word", () => {
    expectTypeOf<20>().toExtend<BasicOptions["level"]>();
    expectTypeOf<50>().toExtend<BasicOptions["level"]>();
    expectTypeOf<"LOUD">().not.toExtend<BasicOptions["level"]>();
  });

  test("a misspelt name and a wrong word do not compile", () => {
    // @ts-expect-error: no such option
    const misspelt: FileOptions = { path: "a", quueBytes: 1 };
    // @ts-expect-error: no such word
    const wrongWord: FileOptions = { path: "a", overflow: "wait" };
    expectTypeOf([misspelt, wrongWord]).toEqualTypeOf<FileOptions[]>();
  });
});

describe("ResolvedOf", () => {
  type Resolved = ResolvedOf<typeof FILE_HANDLER_OPTIONS>;

  test("options with a default and required ones are always there, the rest may be undefined", () => {
    expectTypeOf<Resolved["queueBytes"]>().toEqualTypeOf<number>();
    expectTypeOf<Resolved["delay"]>().toEqualTypeOf<boolean>();
    expectTypeOf<Resolved["maxQueueSize"]>().toEqualTypeOf<number | undefined>();
    expectTypeOf<Resolved["name"]>().toEqualTypeOf<string | undefined>();
  });

  test("aliases, levels, paths and URLs have become their one form", () => {
    expectTypeOf<Resolved["mode"]>().toEqualTypeOf<"append" | "truncate">();
    expectTypeOf<Resolved["level"]>().toEqualTypeOf<number>();
    expectTypeOf<Resolved["path"]>().toEqualTypeOf<string>();
    expectTypeOf<ResolvedOf<typeof OTLP_HTTP_HANDLER_OPTIONS>["url"]>().toEqualTypeOf<string>();
  });

  test("resolveOptions() returns it", () => {
    const resolved = resolveOptions(FILE_HANDLER_OPTIONS, {}, { subject: "a handler" });
    expectTypeOf(resolved).toEqualTypeOf<Resolved>();
  });
});

describe("tables", () => {
  test("tables are option tables", () => {
    expectTypeOf<typeof FILE_HANDLER_OPTIONS>().toExtend<OptionTable>();
    expectTypeOf<typeof BASIC_CONFIG_OPTIONS>().toExtend<OptionTable>();
  });

  test("overrideOptions() takes only defaults of the same kind, and no default where there was none", () => {
    overrideOptions(PROCESSOR_OPTIONS, { overflow: { default: "block" }, queueBytes: { default: 65_536 } });
    // @ts-expect-error: not one of the values
    overrideOptions(PROCESSOR_OPTIONS, { overflow: { default: "wait" } });
    // @ts-expect-error: a number
    overrideOptions(PROCESSOR_OPTIONS, { queueBytes: { default: "65536" } });
    // @ts-expect-error: the resolved type says it may be undefined
    overrideOptions(PROCESSOR_OPTIONS, { maxQueueSize: { default: 5 } });
  });
});

describe("createBuilder", () => {
  const builder = createBuilder(FILE_HANDLER_OPTIONS, (options) => options.path);

  test("each method takes its option and returns the builder", () => {
    expectTypeOf(builder.path).parameters.toEqualTypeOf<[string | URL]>();
    expectTypeOf(builder.mode).parameters.toEqualTypeOf<["append" | "truncate" | "a" | "w"]>();
    expectTypeOf(builder.path("a").queueBytes(65_536).build()).toEqualTypeOf<string | URL>();
  });

  test("tryBuild() is what was built or what is wrong", () => {
    const result = builder.tryBuild();
    if (result.ok) expectTypeOf(result.value).toEqualTypeOf<string | URL>();
    else expectTypeOf(result.errors).toEqualTypeOf<readonly ConfigProblem[]>();
  });

  test("a method that is no option does not compile", () => {
    // @ts-expect-error: no such option
    void builder.quueBytes;
  });
});
