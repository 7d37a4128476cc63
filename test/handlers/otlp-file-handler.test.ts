import { existsSync, readFileSync, renameSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test, vi } from "vitest";
import {
  createLogging,
  FemtoDedupFilter,
  FemtoOtlpFileHandler,
  type OtlpFileHandlerOptions,
} from "../../src/index.ts";
import { loggerOf, logNumbers, numbers } from "../contract/destination.ts";
import { numbersInOtlpLines, recordsInOtlpLines } from "../support/otlp-lines.ts";
import { configErrorOf, endWithTest, makeFolder } from "./fixture.ts";
import { backupsOf, wholeTextOf } from "./rotating-fixture.ts";

const THREADS = ["own", "inline"] as const;

function makePath(): string {
  return join(makeFolder(), "app.jsonl");
}

function open(options: OtlpFileHandlerOptions): FemtoOtlpFileHandler {
  return endWithTest(new FemtoOtlpFileHandler(options));
}

async function fill(handler: FemtoOtlpFileHandler, count: number): Promise<void> {
  logNumbers(loggerOf(handler), { to: count });
  await handler.forceFlush();
}

describe.each(THREADS)("FemtoOtlpFileHandler (thread: %s)", (thread) => {
  test("a line is a LogsData with resource, scope and records", async () => {
    const path = makePath();
    const resource = { attributes: { "service.name": "shop", big: 2n ** 60n }, schemaUrl: "https://schema" };
    const handler = open({ path, thread });
    const logger = createLogging({ handlers: [handler], resource }).getLogger("cart");
    logger.info("Order {orderId} is paid", { orderId: 9_007_199_254_740_993n });
    await handler.forceFlush();
    const [record] = recordsInOtlpLines(readFileSync(path, "utf8"));
    expect(record).toMatchObject({ body: "Order 9007199254740993 is paid", scope: { name: "cart" } });
    expect(record!.attributes.get("orderId")).toBe(9_007_199_254_740_993n);
    expect(record!.resource.attributes.get("big")).toBe(2n ** 60n);
    expect(record!.resource.schemaUrl).toBe("https://schema");
  });

  test("lines stay within lineBytesMax, and nothing is lost, doubled or out of order", async () => {
    const path = makePath();
    await fill(open({ path, thread, lineBytesMax: 4_096 }), 5000);
    const text = readFileSync(path, "utf8");
    expect(Math.max(...text.split("\n").map((line) => line.length + 1))).toBeLessThanOrEqual(4_096);
    expect(numbersInOtlpLines(text)).toEqual(numbers({ to: 5000 }));
  });

  test.each(["none", "gzip"] as const)("files stay below maxBytes (compress: %s)", async (compress) => {
    const path = makePath();
    const handler = open({ path, thread, maxBytes: 20_000, backupCount: 1000, compress });
    await fill(handler, 1000);
    await handler.shutdown();
    expect(backupsOf(path).length).toBeGreaterThan(8);
    if (compress === "none") {
      const sizes = backupsOf(path).map((ending) => statSync(path + ending).size);
      expect(Math.max(...sizes)).toBeLessThan(20_000);
    }
    expect(numbersInOtlpLines(wholeTextOf(path))).toEqual(numbers({ to: 1000 }));
    expect(handler.stats()).toMatchObject({ delivered: 1000, droppedTotal: 0, replayed: 0 });
  });

  test("a summary of a filter goes with its record, also into the next file", async () => {
    const path = makePath();
    const filters = [new FemtoDedupFilter({ attributes: true })];
    const handler = open({ path, thread, filters, maxBytes: 20_000, backupCount: 1000, lineBytesMax: 2_048 });
    const logger = loggerOf(handler);
    for (let i = 0; i < 300; i++) {
      for (let repeat = 0; repeat < 3; repeat++) logger.info("record {i}", { i });
    }
    await handler.forceFlush();
    expect([...new Set(numbersInOtlpLines(wholeTextOf(path)))]).toEqual(numbers({ to: 300 }));
    const { delivered, filtered, summaries, emitted } = handler.stats();
    expect({ emitted, filtered }).toEqual({ emitted: 900 + summaries, filtered: 600 });
    expect(delivered).toBe(300 + summaries);
    expect(recordsInOtlpLines(wholeTextOf(path))).toHaveLength(delivered);
  });

  test("a line that a killed process has left torn is ended, and the next one can be read", async () => {
    const path = makePath();
    writeFileSync(path, '{"resourceLogs":[{"resou');
    await fill(open({ path, thread }), 10);
    const [torn, ...lines] = readFileSync(path, "utf8").split("\n");
    expect(torn).toBe('{"resourceLogs":[{"resou');
    expect(numbersInOtlpLines(lines.join("\n"))).toEqual(numbers({ to: 10 }));
  });
});

describe("FemtoOtlpFileHandler: options", () => {
  test("truncate empties the file, append does not", async () => {
    const path = makePath();
    await fill(open({ path }), 3);
    await fill(open({ path }), 3);
    expect(numbersInOtlpLines(readFileSync(path, "utf8"))).toEqual([0, 1, 2, 0, 1, 2]);
    await fill(open({ path, mode: "truncate" }), 2);
    expect(numbersInOtlpLines(readFileSync(path, "utf8"))).toEqual([0, 1]);
  });

  test("when puts the file away by the clock, named for its interval", async () => {
    const path = makePath();
    const handler = open({ path, when: "S", rotateWhenIdle: true });
    await fill(handler, 3);
    await vi.waitFor(() => expect(backupsOf(path)).toHaveLength(1), { timeout: 20_000, interval: 20 });
    expect(backupsOf(path)[0]).toMatch(/^\.\d{4}-\d\d-\d\d_\d\d-\d\d-\d\d$/);
  });

  test("delay opens the file for the first record", async () => {
    const path = makePath();
    const handler = open({ path, delay: true });
    expect(existsSync(path)).toBe(false);
    await fill(handler, 1);
    expect(numbersInOtlpLines(readFileSync(path, "utf8"))).toEqual([0]);
  });

  test("reopen() goes on in a new file", async () => {
    const path = makePath();
    const handler = FemtoOtlpFileHandler.builder().path(path).reopenWhenMoved(false).build();
    endWithTest(handler);
    await fill(handler, 1);
    renameSync(path, `${path}.old`);
    await handler.reopen();
    await fill(handler, 2);
    expect(numbersInOtlpLines(readFileSync(path, "utf8"))).toEqual([0, 1]);
    expect(handler.path).toBe(path);
  });

  test("what needs a file is refused without one, by name", () => {
    const text = configErrorOf(() => new FemtoOtlpFileHandler({ maxBytes: 1000, mkdir: false, when: "S" }));
    expect(text).toContain("3 faults");
    for (const name of ["maxBytes", "mkdir", "when"]) {
      expect(text).toMatch(new RegExp(`"${name}" is .*, must be left out without "path"`));
    }
  });

  test.each<[OtlpFileHandlerOptions, string]>([
    [{ utc: true }, '"utc" is true, must be left out without "when"'],
    [{ when: "H", atTime: "10:00" }, 'must be left out with "when" "H"'],
    [{ maxBytes: 1000 }, '"backupCount" is 0, must be at least 1'],
    [{ mode: "truncate", maxBytes: 1000, backupCount: 1 }, '"mode" is "truncate", must be "append"'],
    [{ lineBytesMax: 10 }, '"lineBytesMax" is 10, must be at least 1024'],
    [{ format: "json" } as never, '"format"'],
  ])("%j is refused", (options, expected) => {
    const path = makePath();
    expect(configErrorOf(() => new FemtoOtlpFileHandler({ path, ...options }))).toContain(expected);
    expect(existsSync(path)).toBe(false);
  });

  test("a path that cannot be written is an error at once", () => {
    const folder = makeFolder();
    expect(configErrorOf(() => new FemtoOtlpFileHandler({ path: folder }))).toContain("EISDIR");
  });
});
