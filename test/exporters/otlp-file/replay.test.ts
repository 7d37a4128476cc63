import { appendFileSync, mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync, zstdCompressSync } from "node:zlib";
import { beforeEach, describe, expect, onTestFinished, test } from "vitest";

import { replayOtlpFile, type OtlpReplayOptions } from "../../../exporters/otlp-file/replay.ts";
import { createLogging, ExportError, FemtoOtlpFileHandler } from "../../../src/index.ts";
import { OtlpReceiver } from "../../../src/receiver/index.ts";

let receiver: OtlpReceiver;
let reports: string[];
let folder: string;

beforeEach(async () => {
  receiver = await OtlpReceiver.start();
  reports = [];
  folder = mkdtempSync(join(tmpdir(), "femto-replay-"));
  return async () => {
    await receiver.stop();
    rmSync(folder, { recursive: true });
  };
});

function optionsOf(more: OtlpReplayOptions = {}): OtlpReplayOptions {
  return { url: receiver.url, report: (trouble) => reports.push(trouble), ...more };
}

function fileOf(text: string | Uint8Array, name = "app.jsonl"): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

/** A line with one record: the attribute `i`, as it is to stand in the file. */
function lineOf(i: number | string, more = ""): string {
  const record = `{"timeUnixNano":"1795368486123456789"${more},"attributes":[{"key":"i","value":{"intValue":"${i}"}}]}`;
  return `{"resourceLogs":[{"resource":{"attributes":[{"key":"service.name","value":{"stringValue":"shop"}}]},"scopeLogs":[{"scope":{"name":"cart"},"logRecords":[${record}]}]}]}`;
}

function linesOf(count: number, from = 0): string {
  return Array.from({ length: count }, (_, index) => `${lineOf(from + index)}\n`).join("");
}

function arrived(): number[] {
  return receiver.records.map(({ attributes }) => Number(attributes.get("i")));
}

function upTo(count: number): number[] {
  return Array.from({ length: count }, (_, index) => index);
}

describe("replayOtlpFile(): what is sent", () => {
  test("everything in the order of the file, several lines a request", async () => {
    const path = fileOf(linesOf(5000));
    const result = await replayOtlpFile(path, optionsOf({ maxExportBatchBytes: 100_000 }));
    expect(result).toMatchObject({
      isComplete: true,
      nextOffset: statSync(path).size,
      lineCount: 5000,
      deliveredCount: 5000,
      rejectedCount: 0,
      skippedLineCount: 0,
      tornByteCount: 0,
      error: undefined,
    });
    expect(arrived()).toEqual(upTo(5000));
    expect(receiver.requests.length).toBe(result.requestCount);
    expect(Math.max(...receiver.requests.map(({ bytes }) => bytes))).toBeLessThanOrEqual(100_000);
    expect(receiver.requests.length).toBeLessThan(50);
    expect(receiver.requests[0]).toMatchObject({ encoding: "json", path: "/v1/logs" });
    expect(reports).toEqual([]);
  });

  test("what a handler has written, value by value", async () => {
    const path = join(folder, "app.jsonl");
    const handler = new FemtoOtlpFileHandler({ path });
    const attributes = {
      big: 2n ** 63n - 1n,
      double: NaN,
      bytes: Uint8Array.of(1, 255),
      text: "naïve \u2028",
      none: null,
    };
    const logging = createLogging({
      handlers: [handler],
      resource: { attributes: { "service.name": "shop" } },
    });
    logging
      .getLogger("cart")
      .emit({ body: { deep: [attributes] }, attributes, timestamp: [1_795_368_486, 123_456_789] });
    await logging.shutdown();
    expect(await replayOtlpFile(path, optionsOf())).toMatchObject({ isComplete: true, deliveredCount: 1 });
    const [record] = receiver.records;
    expect(record!.timeUnixNano).toBe(1_795_368_486_123_456_789n);
    expect(Object.fromEntries(record!.attributes)).toMatchObject({
      big: 2n ** 63n - 1n,
      double: NaN,
      text: "naïve \u2028",
    });
    expect(record!.resource.attributes.get("service.name")).toBe("shop");
  });

  test.each([
    ["gzip", gzipSync(linesOf(1000))],
    ["zstd", zstdCompressSync(linesOf(1000))],
    ["two zstd frames", Buffer.concat([zstdCompressSync(linesOf(400)), zstdCompressSync(linesOf(600, 400))])],
  ])("a file packed by %s, whatever its name", async (_name, bytes) => {
    const result = await replayOtlpFile(fileOf(bytes), optionsOf());
    expect(result).toMatchObject({
      isComplete: true,
      deliveredCount: 1000,
      nextOffset: linesOf(1000).length,
    });
    expect(arrived()).toEqual(upTo(1000));
  });

  test("packed by gzip and with headers, where told", async () => {
    await replayOtlpFile(
      fileOf(linesOf(10)),
      optionsOf({ compression: "gzip", headers: { "x-tenant": "acme" } }),
    );
    expect(receiver.requests).toMatchObject([{ compression: "gzip", headers: { "x-tenant": "acme" } }]);
  });

  test("nothing of an empty file, of empty lines and of lines without records", async () => {
    expect(await replayOtlpFile(fileOf(""), optionsOf())).toMatchObject({ isComplete: true, lineCount: 0 });
    const path = fileOf('\n \r\n{}\n{"resourceLogs":[]}\n');
    expect(await replayOtlpFile(path, optionsOf())).toMatchObject({
      isComplete: true,
      lineCount: 2,
      deliveredCount: 0,
      nextOffset: statSync(path).size,
    });
    expect(receiver.requests).toEqual([]);
  });
});

describe("replayOtlpFile(): lines that cannot be sent", () => {
  test("a torn last line is counted in bytes and said, and the replay goes on there when it is whole", async () => {
    const whole = `${lineOf(3)}\n`;
    const path = fileOf(linesOf(3) + whole.slice(0, 50));
    const result = await replayOtlpFile(path, optionsOf());
    expect(result).toMatchObject({
      isComplete: true,
      deliveredCount: 3,
      tornByteCount: 50,
      nextOffset: linesOf(3).length,
    });
    expect(reports).toEqual([expect.stringContaining("its last 50 bytes are not a whole line")]);
    appendFileSync(path, whole.slice(50));
    await replayOtlpFile(path, optionsOf({ offset: result.nextOffset }));
    expect(arrived()).toEqual(upTo(4));
  });

  test("a last line without its end is sent when it is whole, once", async () => {
    const path = fileOf(linesOf(2) + lineOf(2));
    const { nextOffset } = await replayOtlpFile(path, optionsOf());
    expect(nextOffset).toBe(statSync(path).size);
    appendFileSync(path, `\n${lineOf(3)}\n`);
    expect(await replayOtlpFile(path, optionsOf({ offset: nextOffset }))).toMatchObject({
      deliveredCount: 1,
    });
    expect(arrived()).toEqual(upTo(4));
  });

  test("lines that are something else are skipped, counted and said with their place", async () => {
    const foreign = ['{"resourceSpans":[]}', "hello", '{"resourceLogs":[{"resou', `"${"x".repeat(2000)}"`];
    const path = fileOf(linesOf(2) + foreign.map((line) => `${line}\n`).join("") + linesOf(2, 2));
    const result = await replayOtlpFile(path, optionsOf({ lineBytesMax: 1_024 }));
    expect(result).toMatchObject({
      isComplete: true,
      lineCount: 8,
      skippedLineCount: 4,
      deliveredCount: 4,
      nextOffset: statSync(path).size,
    });
    expect(arrived()).toEqual(upTo(4));
    expect(reports).toHaveLength(4);
    expect(reports[0]).toBe(
      `Cannot replay "${path}" from byte ${linesOf(2).length} on: it has no "resourceLogs"; the line is skipped`,
    );
    expect(reports[3]).toContain('it is longer than 1024 bytes ("lineBytesMax")');
  });

  test("a line that the peer refuses costs nothing but itself", async () => {
    const bad = lineOf(1, ',"droppedAttributesCount":-1');
    const path = fileOf(`${lineOf(0)}\n${bad}\n${lineOf(2)}\n`);
    const result = await replayOtlpFile(path, optionsOf());
    expect(result).toMatchObject({ isComplete: true, lineCount: 3, deliveredCount: 2, rejectedCount: 1 });
    expect(arrived()).toEqual([0, 2]);
    expect(reports).toEqual([expect.stringContaining(`from byte ${lineOf(0).length + 1} on`)]);
  });

  test("records that the peer rejects are counted and said", async () => {
    receiver.respond({ partialSuccess: { rejected: 2, message: "too old" } });
    const result = await replayOtlpFile(fileOf(linesOf(5)), optionsOf());
    expect(result).toMatchObject({ isComplete: true, deliveredCount: 3, rejectedCount: 2 });
    expect(reports).toEqual([expect.stringContaining("too old")]);
  });
});

describe("replayOtlpFile(): stops, and goes on", () => {
  test("retries while the peer is away", async () => {
    receiver.respond({ status: 503, retryAfter: 0, times: 2 });
    expect(await replayOtlpFile(fileOf(linesOf(5)), optionsOf())).toMatchObject({
      isComplete: true,
      deliveredCount: 5,
    });
    expect(arrived()).toEqual(upTo(5));
  });

  test.each([
    [401, false],
    [503, true],
  ])("a peer that answers %i stops it where it is", async (status, retryable) => {
    const path = fileOf(linesOf(2000));
    receiver.respond({ status: 200 });
    receiver.respond({ status, times: Number.POSITIVE_INFINITY });
    const options = optionsOf({ maxExportBatchBytes: 100_000, retryTimeoutMillis: 200 });
    const stopped = await replayOtlpFile(path, options);
    expect(stopped).toMatchObject({ isComplete: false, requestCount: 1 });
    expect(stopped.error).toBeInstanceOf(ExportError);
    expect(stopped.error).toMatchObject({
      retryable,
      message: expect.stringContaining(`(${status})`) as string,
    });
    expect(stopped.deliveredCount).toBe(arrived().length);
    expect((stopped.error as Error).message).toContain(`"offset" ${stopped.nextOffset}`);
    receiver.resetAnswers();
    const rest = await replayOtlpFile(path, { ...options, offset: stopped.nextOffset });
    expect(rest).toMatchObject({ isComplete: true, deliveredCount: 2000 - stopped.deliveredCount });
    expect(arrived()).toEqual(upTo(2000));
  });

  test("the same for a packed file: offsets are those of the unpacked one", async () => {
    const path = fileOf(gzipSync(linesOf(2000)));
    const stop = new AbortController();
    const options = optionsOf({ maxExportBatchBytes: 100_000 });
    const stopped = await replayOtlpFile(path, {
      ...options,
      signal: stop.signal,
      onProgress: ({ deliveredCount }) => {
        if (deliveredCount > 1000) stop.abort(new Error("enough"));
      },
    });
    expect(stopped).toMatchObject({ isComplete: false, error: { message: "enough" } });
    await replayOtlpFile(path, { ...options, offset: stopped.nextOffset });
    expect(arrived()).toEqual(upTo(2000));
  });

  test("a signal ends a request that has no answer, and its records are not counted", async () => {
    receiver.respond({ hang: true });
    const stop = new AbortController();
    const replay = replayOtlpFile(fileOf(linesOf(5)), optionsOf({ signal: stop.signal }));
    await receiver.waitForRequests(1);
    stop.abort(new Error("enough"));
    expect(await replay).toMatchObject({
      isComplete: false,
      deliveredCount: 0,
      nextOffset: 0,
      error: { message: "enough" },
    });
  });

  test("a packed file that is cut off stops it with what could be read", async () => {
    const packed = gzipSync(linesOf(2000));
    const result = await replayOtlpFile(
      fileOf(packed.subarray(0, -10)),
      optionsOf({ maxExportBatchBytes: 100_000 }),
    );
    expect(result).toMatchObject({ isComplete: false, error: { code: "Z_BUF_ERROR" } });
    expect(result.deliveredCount).toBeGreaterThan(1000);
    expect(arrived()).toEqual(upTo(result.deliveredCount));
  });

  test.each([
    [3, "no line begins there"],
    [lineOf(0).length * 10, "it has"],
  ])("an offset of %i bytes is refused: %s", async (offset, why) => {
    const replay = replayOtlpFile(fileOf(linesOf(2)), optionsOf({ offset }));
    await expect(replay).rejects.toThrow(why);
    expect(receiver.requests).toEqual([]);
  });

  test("the offset behind the end is refused, that of the end is not", async () => {
    const path = fileOf(linesOf(2));
    const { size } = statSync(path);
    expect(await replayOtlpFile(path, optionsOf({ offset: size }))).toMatchObject({
      isComplete: true,
      lineCount: 0,
    });
    await expect(replayOtlpFile(path, optionsOf({ offset: size + 1 }))).rejects.toThrow(RangeError);
  });

  test("a file that is not there, and options that are wrong, are errors", async () => {
    await expect(replayOtlpFile(join(folder, "none"), optionsOf())).rejects.toThrow("ENOENT");
    await expect(replayOtlpFile(fileOf(""), { url: "ftp://x" })).rejects.toThrow('"url"');
  });
});

test("replayOtlpFile() needs no more memory for a bigger file", async () => {
  const path = join(folder, "big.jsonl");
  const line = `${lineOf(1, `,"body":{"stringValue":"${"x".repeat(100_000)}"}`)}\n`;
  const counting = await OtlpReceiver.start({ keep: "count" });
  onTestFinished(() => counting.stop());
  for (let i = 0; i < 1500; i++) appendFileSync(path, line);
  let peakBytes = 0;
  const before = process.memoryUsage().arrayBuffers;
  const result = await replayOtlpFile(path, {
    ...optionsOf(),
    url: counting.url,
    onProgress: () => {
      peakBytes = Math.max(peakBytes, process.memoryUsage().arrayBuffers - before);
    },
  });
  expect(result).toMatchObject({ isComplete: true, deliveredCount: 1500 });
  expect(statSync(path).size).toBeGreaterThan(150_000_000);
  expect(peakBytes).toBeLessThan(100_000_000);
});
