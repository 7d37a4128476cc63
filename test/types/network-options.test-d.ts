import { describe, expectTypeOf, test } from "vitest";

import {
  FemtoHttpHandler,
  FemtoSysLogHandler,
  type HttpHandlerOptions,
  type MapLogRecord,
  type SysLogHandlerOptions,
} from "../../src/index.ts";

describe("HttpHandlerOptions", () => {
  test("url is required; lists, modules and credentials have their forms", () => {
    expectTypeOf<{ url: string }>().toExtend<HttpHandlerOptions>();
    expectTypeOf<{ method: "GET" }>().not.toExtend<HttpHandlerOptions>();
    expectTypeOf<{ url: URL; mapLogRecord: readonly string[] }>().toExtend<HttpHandlerOptions>();
    expectTypeOf<{
      url: string;
      mapLogRecord: { module: URL; options: number };
    }>().toExtend<HttpHandlerOptions>();
    expectTypeOf<{ url: string; credentials: { token: string } }>().toExtend<HttpHandlerOptions>();
    expectTypeOf<{ url: string; credentials: { username: string } }>().not.toExtend<HttpHandlerOptions>();
    expectTypeOf<{
      url: string;
      tls: { ca: string; rejectUnauthorized: false };
    }>().toExtend<HttpHandlerOptions>();
  });

  test("a mapping gets a record and returns an object", () => {
    expectTypeOf<MapLogRecord>().parameter(0).toHaveProperty("severityNumber");
    expectTypeOf<() => string>().not.toExtend<MapLogRecord>();
  });

  test("builder() makes the handler", () => {
    const build = () => FemtoHttpHandler.builder().url("http://localhost/").build();
    expectTypeOf(build).returns.toEqualTypeOf<FemtoHttpHandler>();
  });
});

describe("SysLogHandlerOptions", () => {
  test("nothing is required; words are those of the table", () => {
    expectTypeOf<{}>().toExtend<SysLogHandlerOptions>();
    expectTypeOf<{ transport: "tls"; tls: true; facility: "local0" }>().toExtend<SysLogHandlerOptions>();
    expectTypeOf<{ transport: "http" }>().not.toExtend<SysLogHandlerOptions>();
    expectTypeOf<{ structuredDataId: false; framing: "nul" }>().toExtend<SysLogHandlerOptions>();
    expectTypeOf<{ structuredDataId: true }>().not.toExtend<SysLogHandlerOptions>();
    const build = () => FemtoSysLogHandler.builder().build();
    expectTypeOf(build).returns.toEqualTypeOf<FemtoSysLogHandler>();
  });
});
