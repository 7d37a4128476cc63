/** Our exporters in `FemtoBatchLogRecordProcessor`: as objects, and as modules in a thread of its own. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { expect, test } from "vitest";

import { FemtoFileExporter, FemtoOtlpHttpExporter } from "../../../exporters/index.ts";
import { ROOT } from "../../../scripts/build-worker.ts";
import { createLogging, FemtoBatchLogRecordProcessor } from "../../../src/index.ts";
import { OtlpReceiver } from "../../../src/receiver/index.ts";
import { makeFolder, messagesIn, troublesOfTest } from "../../handlers/fixture.ts";
import { bodies } from "./fixture.ts";

async function logThrough(handler: FemtoBatchLogRecordProcessor): Promise<void> {
  const logging = createLogging({ handlers: [handler] });
  for (let i = 0; i < 500; i++) logging.getLogger("shop").info("record {i}", { i });
  await logging.shutdown();
}

test("a file exporter as an object: all records, with their attributes", async () => {
  const path = join(makeFolder(), "app.log");
  const handler = new FemtoBatchLogRecordProcessor({ exporter: new FemtoFileExporter({ path }) });
  await logThrough(handler);
  expect(messagesIn(path)).toEqual(bodies(500));
  expect(handler.stats()).toMatchObject({ delivered: 500, droppedTotal: 0 });
});

test("a file exporter from a module, in the handler's thread", async () => {
  const folder = makeFolder();
  const path = join(folder, "app.log");
  const module = join(folder, "exporter.mjs");
  const exporters = pathToFileURL(join(ROOT, "exporters/index.ts")).href;
  writeFileSync(
    module,
    `import { FemtoFileExporter } from ${JSON.stringify(exporters)};
     export const createExporter = (options) => new FemtoFileExporter(options);`,
  );
  const handler = new FemtoBatchLogRecordProcessor({ exporter: { module, options: { path } } });
  await logThrough(handler);
  expect(messagesIn(path)).toEqual(bodies(500));
  expect(handler.stats()).toMatchObject({ delivered: 500, droppedTotal: 0 });
});

test("an OTLP exporter that fails: its records are counted, and its words are not said twice", async () => {
  const troubles = troublesOfTest();
  await using receiver = await OtlpReceiver.start();
  receiver.respond({ status: 400, times: Infinity });
  const exporter = new FemtoOtlpHttpExporter({ url: receiver.url });
  const handler = new FemtoBatchLogRecordProcessor({ exporter });
  await logThrough(handler);
  expect(handler.stats()).toMatchObject({ delivered: 0, droppedTotal: 500 });
  expect(troubles[0]?.match(/counted as export_failed/g)).toHaveLength(1);
});
