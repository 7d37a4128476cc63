import { describe, expect, test } from "vitest";
import {
  createLogging,
  FemtoBatchLogRecordProcessor,
  type FemtoLogger,
  FemtoInMemoryExporter,
  withContext,
  withFingersCrossed,
} from "../../src/index.ts";
import { configErrorOf } from "../handlers/fixture.ts";

interface Opened {
  readonly log: FemtoLogger;
  readonly handler: FemtoBatchLogRecordProcessor;
  /** What has been delivered by now. */
  readonly bodies: () => Promise<readonly unknown[]>;
}

function open(): Opened {
  const exporter = new FemtoInMemoryExporter();
  const handler = new FemtoBatchLogRecordProcessor({ exporter });
  const log = createLogging({ level: "DEBUG", handlers: [handler] }).getLogger("shop");
  const bodies = async (): Promise<readonly unknown[]> => {
    await handler.forceFlush();
    return exporter.getFinishedLogRecords().map(({ body }) => body);
  };
  return { log, handler, bodies };
}

describe("withFingersCrossed()", () => {
  test("leaves out what work logs that goes well, and counts it as filtered", async () => {
    const { log, handler, bodies } = open();
    const result = await withFingersCrossed({}, async () => {
      log.debug("one");
      await Promise.resolve();
      log.info("two");
      return 7;
    });
    log.info("after");
    expect([result, await bodies()]).toEqual([7, ["after"]]);
    expect(handler.stats()).toMatchObject({ emitted: 3, delivered: 1, filtered: 2, droppedTotal: 0 });
  });

  test("delivers all in order when an error is logged, and what comes after it at once", async () => {
    const { log, bodies } = open();
    await withFingersCrossed({}, async () => {
      log.debug("one");
      await Promise.resolve();
      log.error("trouble");
      log.debug("after");
      expect(await bodies()).toEqual(["one", "trouble", "after"]);
    });
    expect(await bodies()).toEqual(["one", "trouble", "after"]);
  });

  test.each([
    [
      "throws",
      (): void => {
        throw new Error("thrown");
      },
    ],
    ["rejects", (): Promise<void> => Promise.reject(new Error("thrown"))],
  ])("delivers all when the work %s, and hands the error on", async (_name, fail) => {
    const { log, bodies } = open();
    const work = (): unknown => {
      log.debug("one");
      return fail();
    };
    await expect((async () => withFingersCrossed({}, work))()).rejects.toThrow("thrown");
    expect(await bodies()).toEqual(["one"]);
  });

  test("keeps the work of others apart", async () => {
    const { log, bodies } = open();
    const request = (name: string, isBad: boolean): Promise<void> =>
      withFingersCrossed({}, async () => {
        for (let step = 0; step < 3; step++) {
          log.info("{name} {step}", { name, step });
          await Promise.resolve();
        }
        if (isBad) log.error("{name} failed", { name });
      });
    await Promise.all([request("a", false), request("b", true), request("c", false)]);
    expect(await bodies()).toEqual(["b 0", "b 1", "b 2", "b failed"]);
  });

  test("trouble of inner work is trouble of the outer one too, and not the other way round", async () => {
    const { log, bodies } = open();
    withFingersCrossed({}, () => {
      log.info("outer");
      withFingersCrossed({}, () => log.info("inner, well"));
      withFingersCrossed({}, () => {
        log.info("inner");
        log.error("trouble");
      });
      log.info("outer, after");
    });
    expect(await bodies()).toEqual(["outer", "inner", "trouble", "outer, after"]);
  });

  test("keeps the newest records, by number and by bytes, and counts the others", async () => {
    const byNumber = open();
    withFingersCrossed({ capacity: 3 }, () => {
      for (let i = 0; i < 10; i++) byNumber.log.info("record {i}", { i });
      byNumber.log.error("trouble");
    });
    expect(await byNumber.bodies()).toEqual(["record 7", "record 8", "record 9", "trouble"]);
    expect(byNumber.handler.stats()).toMatchObject({ emitted: 11, delivered: 4, filtered: 7 });
    const byBytes = open();
    withFingersCrossed({ capacityBytes: 2048 }, () => {
      for (let i = 0; i < 10; i++) byBytes.log.info("record", { i, text: "x".repeat(900) });
      byBytes.log.error("trouble");
    });
    expect(await byBytes.bodies()).toHaveLength(3);
  });

  test("what is kept is as it was logged: time, attributes, context", async () => {
    const exporter = new FemtoInMemoryExporter();
    const handler = new FemtoBatchLogRecordProcessor({ exporter });
    const log = createLogging({ handlers: [handler] }).getLogger("shop");
    const order = { id: 7 };
    const before = Date.now();
    let after = 0;
    await withContext({ tenant: "acme" }, () =>
      withFingersCrossed({}, async () => {
        log.info("Order {id}", { id: 7, order });
        after = Date.now();
        order.id = 8;
        while (Date.now() === after) await new Promise(setImmediate);
        log.error("trouble");
      }),
    );
    await handler.forceFlush();
    const [kept] = exporter.getFinishedLogRecords();
    expect(kept).toMatchObject({ body: "Order 7", attributes: { id: 7, order: { id: 7 }, tenant: "acme" } });
    const [seconds, nanos] = kept?.hrTime ?? [0, 0];
    expect(seconds * 1000 + nanos / 1e6).toBeGreaterThanOrEqual(before - 1);
    expect(seconds * 1000 + nanos / 1e6).toBeLessThan(after + 1);
  });

  test("what is logged after the work has ended is delivered", async () => {
    const { log, bodies } = open();
    const late: (() => void)[] = [];
    await withFingersCrossed({}, async () => {
      void new Promise<void>((resolve) => late.push(resolve)).then(() => log.info("late"));
      await Promise.resolve();
    });
    for (const resolve of late) resolve();
    await Promise.resolve();
    expect(await bodies()).toEqual(["late"]);
  });

  test("a wrong option is an error that names it", () => {
    expect(configErrorOf(() => withFingersCrossed({ capacity: 0 }, () => 1))).toContain('"capacity" is 0');
  });
});
