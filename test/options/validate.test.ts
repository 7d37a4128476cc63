import { join } from "node:path";

import { afterEach, beforeEach, describe, expect, test } from "vitest";

import { setTroubleListener } from "../../src/diagnostics.ts";
import { ConfigError } from "../../src/errors.ts";
import { BASIC_CONFIG_OPTIONS } from "../../src/options/basic-config-options.ts";
import type { OptionTable } from "../../src/options/description.ts";
import { FILE_HANDLER_OPTIONS } from "../../src/options/file-options.ts";
import { OTLP_HTTP_HANDLER_OPTIONS } from "../../src/options/otlp-http-options.ts";
import { STREAM_HANDLER_OPTIONS } from "../../src/options/stream-options.ts";
import { resolveOptions, tryResolveOptions } from "../../src/options/validate.ts";

const context = { subject: 'handler "audit"', env: {} };

let told: string[] = [];

beforeEach(() => {
  told = [];
  setTroubleListener(({ message }) => told.push(message));
});

afterEach(() => {
  setTroubleListener(undefined);
});

/** The error without its first line, or the one line; empty when there is none. */
function faults(table: OptionTable, given: unknown, path?: string): readonly string[] {
  try {
    resolveOptions(table, given, path === undefined ? context : { ...context, path });
    return [];
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    const lines = error.message.split("\n  - ");
    return lines.length === 1 ? lines : lines.slice(1);
  }
}

describe("resolveOptions", () => {
  test("resolveOptions() has a value for each option, from the defaults when nothing else is there", () => {
    expect(resolveOptions(FILE_HANDLER_OPTIONS, { path: "/var/log/app.log" }, context)).toEqual({
      name: undefined,
      level: 1,
      queueBytes: 4_194_304,
      recordBytesMax: 16_777_216,
      maxQueueSize: undefined,
      maxExportBatchSize: 65_536,
      maxExportBatchBytes: 1_048_576,
      scheduledDelayMillis: 0,
      exportTimeoutMillis: 30_000,
      exitTimeoutMillis: 2_000,
      overflow: "block",
      blockTimeoutMillis: 1_000,
      thread: "own",
      path: "/var/log/app.log",
      mode: "append",
      encoding: "utf8",
      delay: false,
      terminator: "\n",
      format: "json",
      fileMode: 0o666,
      mkdir: true,
      reopenWhenMoved: true,
      reopenOnSighup: false,
      fsync: "never",
    });
  });

  test("resolveOptions() has the defaults of a network handler for OTLP", () => {
    expect(resolveOptions(OTLP_HTTP_HANDLER_OPTIONS, undefined, context)).toMatchObject({
      queueBytes: 8_388_608,
      maxExportBatchSize: 4_096,
      scheduledDelayMillis: 1_000,
      overflow: "drop-newest",
      url: "http://localhost:4318/v1/logs",
      protocol: "http/protobuf",
      headers: {},
      compression: "none",
      timeoutMillis: undefined,
      retryTimeoutMillis: undefined,
      maxRequestBytes: 4_194_304,
      maxConcurrentRequests: 4,
    });
  });

  test("resolveOptions() takes what is given before the environment, and that before the default", () => {
    const env = { OTEL_BLRP_SCHEDULE_DELAY: "250", OTEL_EXPORTER_OTLP_COMPRESSION: "gzip" };
    const given = { scheduledDelayMillis: 10 };
    const options = resolveOptions(OTLP_HTTP_HANDLER_OPTIONS, given, { ...context, env });
    expect(options).toMatchObject({
      scheduledDelayMillis: 10,
      compression: "gzip",
      exportTimeoutMillis: 30_000,
    });
  });

  test("resolveOptions() takes undefined for not given", () => {
    const env = { OTEL_BLRP_SCHEDULE_DELAY: "250" };
    const given = { scheduledDelayMillis: undefined, nonsense: undefined };
    const options = resolveOptions(OTLP_HTTP_HANDLER_OPTIONS, given, { ...context, env });
    expect(options.scheduledDelayMillis).toBe(250);
  });

  test("resolveOptions() does not ask a variable whose option is given, so that it cannot complain", () => {
    const env = { OTEL_BLRP_SCHEDULE_DELAY: "abc" };
    resolveOptions(OTLP_HTTP_HANDLER_OPTIONS, { scheduledDelayMillis: 10 }, { ...context, env });
    expect(told).toEqual([]);
  });

  test("resolveOptions() asks the variables of the process when none are handed in", () => {
    process.env.OTEL_BLRP_EXPORT_TIMEOUT = "1234";
    try {
      const options = resolveOptions(OTLP_HTTP_HANDLER_OPTIONS, {}, { subject: 'handler "audit"' });
      expect(options.exportTimeoutMillis).toBe(1_234);
    } finally {
      delete process.env.OTEL_BLRP_EXPORT_TIMEOUT;
    }
  });

  test("resolveOptions() does not read OTEL_BLRP_* for files and streams", () => {
    const env = {
      OTEL_BLRP_MAX_QUEUE_SIZE: "5",
      OTEL_BLRP_SCHEDULE_DELAY: "6",
      OTEL_BLRP_EXPORT_TIMEOUT: "7",
    };
    const expected = { maxQueueSize: undefined, scheduledDelayMillis: 0, exportTimeoutMillis: 30_000 };
    const inEnvironment = { ...context, env };
    expect(resolveOptions(FILE_HANDLER_OPTIONS, { path: "a" }, inEnvironment)).toMatchObject(expected);
    expect(resolveOptions(STREAM_HANDLER_OPTIONS, {}, inEnvironment)).toMatchObject(expected);
  });

  test("resolveOptions() merges headers: the option wins over the variable for logs, that over the general one", () => {
    const env = {
      OTEL_EXPORTER_OTLP_HEADERS: "a=all,b=all,c=all",
      OTEL_EXPORTER_OTLP_LOGS_HEADERS: "b=logs,c=logs",
    };
    const options = resolveOptions(
      OTLP_HTTP_HANDLER_OPTIONS,
      { headers: { C: "given" } },
      { ...context, env },
    );
    expect(options.headers).toEqual({ a: "all", b: "logs", c: "given" });
  });

  test('resolveOptions() leaves colors "auto" to the environment, but nothing else that is given', () => {
    const env = { NO_COLOR: "1" };
    const colors = (given: object): string =>
      resolveOptions(STREAM_HANDLER_OPTIONS, given, { ...context, env }).colors;
    expect([{}, { colors: "auto" }, { colors: "always" }].map(colors)).toEqual(["never", "never", "always"]);
    expect(resolveOptions(STREAM_HANDLER_OPTIONS, { colors: "auto" }, context).colors).toBe("auto");
  });

  test("resolveOptions() throws one error with all faults, and keeps the values for code to read", () => {
    const given = { queueBytes: 500, overflow: "blok", fsinc: "batch", terminator: 5 };
    expect(() => resolveOptions(FILE_HANDLER_OPTIONS, given, context)).toThrow(
      [
        'Cannot start handler "audit": 5 faults',
        '"queueBytes" is 500, must be at least 65536 and at most 1073741824 bytes; try 4194304 (CONFIG.md#queuebytes)',
        '"overflow" is "blok", must be one of "block", "drop-newest", "drop-oldest"; did you mean "block"? (CONFIG.md#overflow)',
        '"fsinc" is "batch", must not be given: no option has this name; did you mean "fsync"? (CONFIG.md#fsync)',
        '"terminator" is 5, must be a string; try "\\n" (CONFIG.md#terminator)',
        '"path" is missing, must be given; see CONFIG.md#path',
      ].join("\n  - "),
    );
  });

  test("resolveOptions() names another action when it is told one", () => {
    const other = { subject: "basicConfig()", action: "apply", env: {} };
    expect(() => resolveOptions(BASIC_CONFIG_OPTIONS, { level: "LOUD" }, other)).toThrow(
      'Cannot apply basicConfig(): "level" is "LOUD"',
    );
  });

  test("resolveOptions() complains about no variable when what is given is wrong already", () => {
    const env = { OTEL_BLRP_SCHEDULE_DELAY: "abc" };
    expect(() => resolveOptions(OTLP_HTTP_HANDLER_OPTIONS, { queueBytes: 1 }, { ...context, env })).toThrow(
      ConfigError,
    );
    expect(told).toEqual([]);
  });

  test.each([null, 5, "INFO", [], () => {}])("resolveOptions() refuses %o in place of options", (given) => {
    const [fault] = faults(BASIC_CONFIG_OPTIONS, given);
    expect(fault).toMatch(/: the options are .*, must be an object; see CONFIG\.md$/);
  });
});

describe("resolveOptions with unknown names", () => {
  test.each([
    ["filename", "path"],
    ["file_mode", "fileMode"],
    ["filemode", "mode"],
    ["capacity", "queueBytes"],
    ["flush_interval", "scheduledDelayMillis"],
    ["Level", "level"],
  ])("resolveOptions() suggests for %s: %s", (name, meant) => {
    const [fault] = faults(FILE_HANDLER_OPTIONS, { path: "a", [name]: 1 });
    expect(fault).toContain(`did you mean "${meant}"? (CONFIG.md#${meant.toLowerCase()})`);
  });

  test("resolveOptions() lists the options when no name is near", () => {
    expect(faults(BASIC_CONFIG_OPTIONS, { zebra: 1 })).toEqual([
      'Cannot start handler "audit": "zebra" is 1, must not be given: no option has this name; the options are level, handlers, path, stream, format, formatter, redact, force, meterProvider, handleSignals, otlp (CONFIG.md)',
    ]);
  });

  test.each(["constructor", "toString", "hasOwnProperty"])(
    "resolveOptions() takes no option from Object: %s",
    (name) => {
      expect(faults(FILE_HANDLER_OPTIONS, { path: "a", [name]: 1 })[0]).toContain("no option has this name");
    },
  );

  test("resolveOptions() refuses __proto__ of parsed JSON like any other name", () => {
    const given: unknown = JSON.parse('{ "path": "a", "__proto__": { "level": "OFF" } }');
    expect(faults(FILE_HANDLER_OPTIONS, given)[0]).toContain('"__proto__" is an object, must not be given');
  });

  test("resolveOptions() does not show what stands under a name that sounds secret", () => {
    const given = { path: "a", apiKey: "hunter2", Authorization: "hunter3" };
    expect(faults(FILE_HANDLER_OPTIONS, given).join("\n")).not.toContain("hunter");
  });
});

describe("resolveOptions with options that depend on each other", () => {
  test("resolveOptions() refuses options that exclude each other", () => {
    expect(faults(BASIC_CONFIG_OPTIONS, { path: "a.log", stream: "stdout" })).toEqual([
      'Cannot start handler "audit": "path" is "a.log", must not be given together with "stream"; leave one of them out (CONFIG.md#path)',
    ]);
  });

  test("resolveOptions() refuses a batch bigger than the queue when both are given", () => {
    const given = { maxQueueSize: 100, maxExportBatchSize: 101 };
    expect(faults(OTLP_HTTP_HANDLER_OPTIONS, given)).toEqual([
      'Cannot start handler "audit": "maxExportBatchSize" is 101, must be at most 100, the value of "maxQueueSize"; try 100 (CONFIG.md#maxexportbatchsize)',
    ]);
    expect(faults(OTLP_HTTP_HANDLER_OPTIONS, { ...given, maxExportBatchSize: 100 })).toEqual([]);
  });

  test("resolveOptions() lowers the default batch to the queue without a word", () => {
    const options = resolveOptions(OTLP_HTTP_HANDLER_OPTIONS, { maxQueueSize: 100 }, context);
    expect(options.maxExportBatchSize).toBe(100);
    expect(told).toEqual([]);
  });

  test("resolveOptions() lowers a batch to a queue of the environment and says so", () => {
    const env = { OTEL_BLRP_MAX_QUEUE_SIZE: "100" };
    const given = { maxExportBatchSize: 512 };
    const options = resolveOptions(OTLP_HTTP_HANDLER_OPTIONS, given, { ...context, env });
    expect(options).toMatchObject({ maxQueueSize: 100, maxExportBatchSize: 100 });
    expect(told).toEqual([
      'Cannot use 512 for "maxExportBatchSize" of handler "audit": it may not exceed "maxQueueSize", which is 100; 100 is used (CONFIG.md#maxexportbatchsize)',
    ]);
  });
});

describe("resolveOptions with options inside of options", () => {
  test("resolveOptions() hands a group on as it was given, without defaults and environment", () => {
    const otlp = { queueBytes: 65_536 };
    expect(resolveOptions(BASIC_CONFIG_OPTIONS, { otlp }, context).otlp).toBe(otlp);
    expect(resolveOptions(BASIC_CONFIG_OPTIONS, { otlp: true }, context).otlp).toBe(true);
    expect(resolveOptions(BASIC_CONFIG_OPTIONS, {}, context).otlp).toBe(false);
  });

  test("resolveOptions() tells faults in a group with their path, beside those outside", () => {
    const given = { level: "LOUD", otlp: { urk: "x", url: "collector", headers: { "a b": "c" } } };
    expect(faults(BASIC_CONFIG_OPTIONS, given).map((fault) => fault.split(",")[0])).toEqual([
      '"level" is "LOUD"',
      '"otlp.urk" is "x"',
      '"otlp.url" is "collector"',
      '"otlp.headers.a b" is "[hidden string]"',
    ]);
  });

  test("resolveOptions() refuses what is no group, and does not show the secrets of a URL in its place", () => {
    expect(faults(BASIC_CONFIG_OPTIONS, { otlp: "http://user:hunter2@collector" })).toEqual([
      'Cannot start handler "audit": "otlp" is "http://[hidden]@collector", must be true, false or an object of options; see CONFIG.md#otlp',
    ]);
  });

  test("resolveOptions() puts the place in a bigger configuration before each path", () => {
    const lines = faults(FILE_HANDLER_OPTIONS, { mkdir: 1 }, "handlers.audit");
    expect(lines.map((line) => line.split(",")[0])).toEqual([
      '"handlers.audit.mkdir" is 1',
      '"handlers.audit.path" is missing',
    ]);
  });

  test("resolveOptions() checks the handlers of basicConfig by what they can do", () => {
    const handler = { onEmit: () => {}, forceFlush: async () => {}, shutdown: async () => {} };
    expect(resolveOptions(BASIC_CONFIG_OPTIONS, { handlers: [handler] }, context).handlers).toEqual([
      handler,
    ]);
    for (const handlers of [handler, [{}], [null], ["stderr"]]) {
      expect(faults(BASIC_CONFIG_OPTIONS, { handlers })[0]).toContain(
        "must be an array of handlers or OpenTelemetry log record processors",
      );
    }
  });

  test.each([["stderr"], ["stdout"], [1], [process.stderr]])(
    "resolveOptions() takes the stream %s",
    (stream) => {
      expect(resolveOptions(STREAM_HANDLER_OPTIONS, { stream }, context).stream).toBe(stream);
    },
  );

  test.each(["stdin", -1, 1.5, 2 ** 31, {}, null])("resolveOptions() refuses the stream %o", (stream) => {
    expect(faults(STREAM_HANDLER_OPTIONS, { stream })[0]).toContain(
      'must be "stderr", "stdout", an open descriptor',
    );
  });
});

describe("tryResolveOptions", () => {
  test("tryResolveOptions() returns the options, or every fault", () => {
    const good = tryResolveOptions(FILE_HANDLER_OPTIONS, { path: "a.log" }, context);
    expect(good.ok && good.value.path).toBe(join(process.cwd(), "a.log"));
    const bad = tryResolveOptions(FILE_HANDLER_OPTIONS, { mkdir: 1 }, context);
    expect(bad).toEqual({
      ok: false,
      errors: [
        {
          path: "mkdir",
          value: 1,
          expected: "must be true or false",
          hint: "try true (CONFIG.md#mkdir)",
        },
        { path: "path", value: undefined, expected: "must be given", hint: "see CONFIG.md#path" },
      ],
    });
  });
});
