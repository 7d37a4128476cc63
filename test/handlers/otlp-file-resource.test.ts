// In a file of its own: a resource that never becomes complete holds up the first line of each handler of its thread.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import {
  createLogging,
  FemtoOtlpFileHandler,
  type FemtoLogger,
  type OtlpFileHandlerOptions,
} from "../../src/index.ts";
import { numbers } from "../contract/destination.ts";
import { numbersInOtlpLines, recordsInOtlpLines } from "../support/otlp-lines.ts";
import { endWithTest, makeFolder } from "./fixture.ts";

function makePath(): string {
  return join(makeFolder(), "app.jsonl");
}

function open(options: OtlpFileHandlerOptions): FemtoOtlpFileHandler {
  return endWithTest(new FemtoOtlpFileHandler(options));
}

/** Logs, and makes attributes of the resource known when the handler has had a chance to write without them. */
async function logBeforeResource(handler: FemtoOtlpFileHandler): Promise<FemtoLogger> {
  const found = Promise.withResolvers<void>();
  const attributes: Record<string, string> = { "service.name": "shop" };
  const resource = {
    attributes,
    asyncAttributesPending: true,
    waitForAsyncAttributes: () => found.promise,
  };
  const logger = createLogging({ handlers: [handler], resource }).getLogger("early");
  logger.info("early");
  await expect(handler.forceFlush({ timeoutMillis: 300 })).rejects.toThrow("Cannot flush within 300 ms");
  attributes["host.id"] = "h1";
  found.resolve();
  return logger;
}

describe("FemtoOtlpFileHandler: attributes of the resource that are found out asynchronously", () => {
  test("are waited for before the first line", async () => {
    const path = makePath();
    const handler = open({ path });
    const logger = await logBeforeResource(handler);
    logger.info("late");
    await handler.forceFlush();
    const records = recordsInOtlpLines(readFileSync(path, "utf8"));
    expect(records.map((record) => record.resource.attributes.get("host.id"))).toEqual(["h1", "h1"]);
  });

  test("that never come are waited for 5 seconds, once", async () => {
    const path = makePath();
    const handler = open({ path });
    const resource = {
      attributes: { "service.name": "shop" },
      asyncAttributesPending: true,
      waitForAsyncAttributes: () => new Promise<void>(() => {}),
    };
    const logger = createLogging({ handlers: [handler], resource }).getLogger("early");
    const begin = performance.now();
    logger.info("early");
    await handler.forceFlush();
    expect(performance.now() - begin).toBeGreaterThan(4_900);
    logger.info("late");
    await handler.forceFlush({ timeoutMillis: 4_000 });
    expect(recordsInOtlpLines(readFileSync(path, "utf8"))).toHaveLength(2);
  });

  test("do not hold up calls: a queue that is nearly full goes out without them", async () => {
    const path = makePath();
    const handler = open({ path, queueBytes: 65_536, blockTimeoutMillis: 60_000 });
    const resource = {
      attributes: { "service.name": "shop" },
      asyncAttributesPending: true,
      waitForAsyncAttributes: () => new Promise<void>(() => {}),
    };
    const logger = createLogging({ handlers: [handler], resource }).getLogger("early");
    const begin = performance.now();
    for (let i = 0; i < 5_000; i++) logger.info("record {i}", { i });
    expect(performance.now() - begin).toBeLessThan(4_500);
    await handler.shutdown();
    expect(numbersInOtlpLines(readFileSync(path, "utf8"))).toEqual(numbers({ to: 5_000 }));
  });
});
