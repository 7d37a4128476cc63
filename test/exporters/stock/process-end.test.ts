import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { expect, onTestFinished, test } from "vitest";

import { ROOT } from "../../../scripts/build-worker.ts";
import { makeFolder, messagesOf } from "../../handlers/fixture.ts";
import { wholeTextOf } from "../../handlers/rotating-fixture.ts";
import { HttpRecords } from "../../support/http-records.ts";
import { bodies } from "./fixture.ts";

const EXPORTERS = JSON.stringify(pathToFileURL(join(ROOT, "exporters/index.ts")).href);
/** The program runs where no packages are. */
const SDK = JSON.stringify(import.meta.resolve("@opentelemetry/sdk-logs"));

test("a process whose exporters nobody shuts down ends by itself, with everything exported and no warning", async () => {
  const server = await HttpRecords.start();
  onTestFinished(() => server.stop());
  const folder = makeFolder();
  const program = `
    import { FemtoHttpExporter, FemtoRotatingFileExporter, FemtoTimedRotatingFileExporter } from ${EXPORTERS};
    import { LoggerProvider, SimpleLogRecordProcessor } from ${SDK};
    const exporters = [
      new FemtoHttpExporter({ url: ${JSON.stringify(server.url)}, maxConcurrentRequests: 64 }),
      new FemtoRotatingFileExporter({ path: "size.log", maxBytes: 2000, backupCount: 1000, compress: "gzip" }),
      new FemtoTimedRotatingFileExporter({ path: "time.log", when: "D", rotateWhenIdle: true }),
    ];
    const processors = exporters.map((exporter) => new SimpleLogRecordProcessor({ exporter }));
    const logger = new LoggerProvider({ processors }).getLogger("a");
    for (let i = 0; i < 200; i++) logger.emit({ body: "record " + i });`;
  const { stderr } = await promisify(execFile)(process.execPath, ["--input-type=module", "-e", program], {
    cwd: folder,
  });
  expect(stderr).toBe("");
  expect(server.records.map(({ msg }) => String(msg)).toSorted()).toEqual(bodies(200).toSorted());
  expect(messagesOf(wholeTextOf(join(folder, "size.log")))).toEqual(bodies(200));
  expect(messagesOf(readFileSync(join(folder, "time.log"), "utf8"))).toEqual(bodies(200));
});
