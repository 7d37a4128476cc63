import { closeSync, fstatSync, mkdtempSync, openSync, readFileSync, rmSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { DescriptorSink } from "../../../exporters/stream/descriptor-sink.ts";
import { Fifo } from "../../contract/fifo.ts";

function makePath(): string {
  const folder = mkdtempSync(join(tmpdir(), "femto-sink-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return join(folder, "out");
}

function openPipe(): { readonly fifo: Fifo; readonly descriptor: number } {
  const fifo = new Fifo(makePath());
  const descriptor = fifo.openForWriting();
  onTestFinished(() => {
    closeSync(descriptor);
    fifo.close();
  });
  return { fifo, descriptor };
}

describe("DescriptorSink", () => {
  test.each([
    [1, "stdout"],
    [2, "stderr"],
    [7, "descriptor 7"],
  ])("%i is called %s", (descriptor, target) => {
    expect(new DescriptorSink(descriptor).target).toBe(target);
  });

  test("a full pipe takes 0 bytes, although its descriptor blocks", () => {
    const { fifo, descriptor } = openPipe();
    const sink = new DescriptorSink(descriptor);
    sink.open();
    const bytes = Buffer.alloc(200_000, "x");
    const taken = sink.write(bytes, 0);
    expect(taken).toBeGreaterThan(0);
    expect(taken).toBeLessThan(bytes.length);
    expect(sink.write(bytes, taken)).toBe(0);
    fifo.startReading();
    expect(fifo.text).toHaveLength(taken);
    expect(sink.write(bytes, taken)).toBeGreaterThan(0);
    sink.close();
  });

  test("close() leaves the descriptor open", () => {
    const { fifo, descriptor } = openPipe();
    const sink = new DescriptorSink(descriptor);
    sink.open();
    sink.close();
    writeSync(descriptor, "still here");
    fifo.startReading();
    expect(fifo.text).toBe("still here");
  });

  test("a regular file is written where its descriptor stands", () => {
    const path = makePath();
    const descriptor = openSync(path, "w");
    writeSync(descriptor, "first ");
    const sink = new DescriptorSink(descriptor);
    sink.open();
    sink.write(Buffer.from("second"), 0);
    sink.sync();
    sink.close();
    expect(fstatSync(descriptor).size).toBe(12);
    closeSync(descriptor);
    expect(readFileSync(path, "utf8")).toBe("first second");
  });

  test("state() tells nothing: others write to it too", () => {
    const { descriptor } = openPipe();
    const sink = new DescriptorSink(descriptor);
    sink.open();
    expect(sink.state()).toEqual({ fileBytes: -1, inode: -1 });
    sink.close();
  });

  test("open() of a descriptor that is not open throws what the system says", () => {
    expect(() => new DescriptorSink(9999).open()).toThrow("EBADF");
  });
});
