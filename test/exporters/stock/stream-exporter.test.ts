import { execFile } from "node:child_process";
import { closeSync, openSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Writable } from "node:stream";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { expect, onTestFinished, test } from "vitest";

import { FemtoStreamExporter } from "../../../exporters/index.ts";
import { ROOT } from "../../../scripts/build-worker.ts";
import { Fifo } from "../../contract/fifo.ts";
import { configErrorOf, makeFolder, messagesIn, messagesOf } from "../../handlers/fixture.ts";
import { bodies, endWithTest, numbered, send } from "./fixture.ts";

test("writes to a descriptor, which is left open", async () => {
  const path = join(makeFolder(), "out");
  const descriptor = openSync(path, "w");
  onTestFinished(() => closeSync(descriptor));
  const exporter = endWithTest(new FemtoStreamExporter({ stream: descriptor }));
  exporter.export(numbered(3), () => {});
  expect(messagesIn(path)).toEqual(bodies(3));
  await exporter.shutdown();
  expect(readFileSync(path).length).toBeGreaterThan(0);
  expect(await send(new FemtoStreamExporter({ stream: descriptor }), numbered(1, 3))).toEqual({ code: 0 });
  expect(messagesIn(path)).toEqual(bodies(4));
});

test("waits for a pipe that is full", async () => {
  const fifo = new Fifo(join(makeFolder(), "pipe"));
  onTestFinished(() => fifo.close());
  const descriptor = fifo.openForWriting();
  onTestFinished(() => closeSync(descriptor));
  const exporter = endWithTest(new FemtoStreamExporter({ stream: descriptor }));
  const answer = send(exporter, numbered(3000));
  fifo.startReading();
  expect(await answer).toEqual({ code: 0 });
  expect(messagesOf(fifo.text)).toEqual(bodies(3000));
});

test("a pipe whose reader has gone fails the export", async () => {
  const fifo = new Fifo(join(makeFolder(), "pipe"));
  const descriptor = fifo.openForWriting();
  onTestFinished(() => closeSync(descriptor));
  const exporter = endWithTest(new FemtoStreamExporter({ stream: descriptor }));
  expect(await send(exporter, numbered(1))).toEqual({ code: 0 });
  fifo.close();
  expect((await send(exporter, numbered(2))).error?.message).toBe(
    `Cannot write 2 records to descriptor ${descriptor}: EPIPE`,
  );
});

test("stdout of a process that exits right after the export has all records", async () => {
  const program = `
    import { FemtoStreamExporter } from ${JSON.stringify(pathToFileURL(join(ROOT, "exporters/index.ts")).href)};
    import { LoggerProvider, SimpleLogRecordProcessor } from "@opentelemetry/sdk-logs";
    const exporter = new FemtoStreamExporter({ stream: "stdout", format: "text" });
    const provider = new LoggerProvider({ processors: [new SimpleLogRecordProcessor({ exporter })] });
    for (let i = 0; i < 100; i++) provider.getLogger("a").emit({ body: "record " + i });
    process.exit(3);`;
  const run = promisify(execFile)(process.execPath, ["--input-type=module", "-e", program], { cwd: ROOT });
  const { stdout, code } = await run.then(
    () => ({ stdout: "", code: 0 }),
    (error: unknown) => error as { readonly stdout: string; readonly code: number },
  );
  expect(code).toBe(3);
  expect(stdout.match(/record \d+/g)).toEqual(bodies(100));
});

test("a Writable gets one chunk an export, in order, and stays open", async () => {
  const chunks: string[] = [];
  const stream = new Writable({
    write: (chunk: Buffer, _encoding, done) => {
      chunks.push(chunk.toString());
      setImmediate(done);
    },
  });
  const exporter = new FemtoStreamExporter({ stream });
  const answers = [send(exporter, numbered(2)), send(exporter, numbered(1, 2))];
  await exporter.shutdown();
  expect(await Promise.all(answers)).toEqual([{ code: 0 }, { code: 0 }]);
  expect(chunks.map(messagesOf)).toEqual([bodies(2), bodies(1, 2)]);
  expect(stream.writable).toBe(true);
});

test("a Writable that fails, or was destroyed, fails the export", async () => {
  const stream = new Writable({ write: (_chunk, _encoding, done) => done(new Error("no more paper")) });
  const exporter = endWithTest(new FemtoStreamExporter({ stream }));
  for (let i = 0; i < 2; i++) {
    expect((await send(exporter, numbered(2))).error?.message).toBe(
      "Cannot write 2 records to a stream: no more paper",
    );
  }
});

test(
  "a Writable that never calls back is given up by shutdown(), after 5 s",
  { timeout: 30_000 },
  async () => {
    const exporter = new FemtoStreamExporter({ stream: new Writable({ write: () => {} }) });
    const answers = [send(exporter, numbered(1)), send(exporter, numbered(1))];
    await exporter.shutdown();
    const errors = (await Promise.all(answers)).map(({ error }) => error?.message);
    const given = "Cannot write 1 record to a stream: shut down before it had called back";
    expect(errors).toEqual([given, given]);
  },
);

test("options that are wrong are a ConfigError", () => {
  expect(configErrorOf(() => new FemtoStreamExporter({ stream: -1 }))).toMatch(
    /^Cannot start stream exporter: "stream" is -1, must be "stderr"/,
  );
});
