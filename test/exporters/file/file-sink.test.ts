import {
  appendFileSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  unlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { FileSink, type FileSinkOptions } from "../../../exporters/file/file-sink.ts";
import { Fifo } from "../../contract/fifo.ts";

function makePath(): string {
  const folder = mkdtempSync(join(tmpdir(), "femto-sink-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return join(folder, "app.log");
}

function sinkOf(path: string, options: Partial<FileSinkOptions> = {}): FileSink {
  const sink = new FileSink({
    path,
    truncate: false,
    fileMode: 0o666,
    mkdir: false,
    reopenWhenMoved: false,
    ...options,
  });
  onTestFinished(() => sink.close());
  return sink;
}

function write(sink: FileSink, text: string, from = 0): number {
  return sink.write(Buffer.from(text), from);
}

describe("FileSink", () => {
  test("write() appends the bytes from an offset on, and says how many it took", () => {
    const path = makePath();
    writeFileSync(path, "old ");
    const sink = sinkOf(path);
    sink.open();
    expect(write(sink, "xxnew", 2)).toBe(3);
    expect(readFileSync(path, "utf8")).toBe("old new");
  });

  test("two sinks that append to one file overwrite nothing", () => {
    const path = makePath();
    const sinks = [sinkOf(path), sinkOf(path)];
    for (const sink of sinks) sink.open();
    for (const text of ["a", "b", "c", "d"]) write(sinks[text.charCodeAt(0) % 2] as FileSink, text);
    expect(readFileSync(path, "utf8")).toBe("abcd");
  });

  test("open() of a batch that is half written stays with its file, renamed or deleted", () => {
    const path = makePath();
    const sink = sinkOf(path, { reopenWhenMoved: true });
    sink.open();
    write(sink, "half ");
    renameSync(path, `${path}.1`);
    sink.open(true);
    write(sink, "whole");
    expect(readFileSync(`${path}.1`, "utf8")).toBe("half whole");
    expect(sink.isLost()).toBe(false);
    unlinkSync(`${path}.1`);
    sink.open(true);
    write(sink, "for nobody");
    expect(sink.isLost()).toBe(true);
    sink.open();
    expect(sink.isLost()).toBe(false);
    expect(sink.state().fileBytes).toBe(0);
  });

  test.each([true, false])(
    "open() follows the path when the file was moved, if told to (%s)",
    (reopenWhenMoved) => {
      const path = makePath();
      const sink = sinkOf(path, { reopenWhenMoved });
      sink.open();
      renameSync(path, `${path}.1`);
      sink.open();
      write(sink, "text");
      expect(readFileSync(reopenWhenMoved ? path : `${path}.1`, "utf8")).toBe("text");
    },
  );

  test.each<[string, (path: string) => void]>([
    [
      "moved away, and begun anew by another process",
      (path) => {
        renameSync(path, `${path}.1`);
        writeFileSync(path, "theirs ");
      },
    ],
    [
      "replaced in one step",
      (path) => {
        writeFileSync(`${path}.new`, "theirs ");
        renameSync(`${path}.new`, path);
      },
    ],
    [
      "replaced by a link to another file",
      (path) => {
        writeFileSync(`${path}.new`, "theirs ");
        unlinkSync(path);
        symlinkSync(`${path}.new`, path);
      },
    ],
  ])("open() finds the file that was %s between two writes", (_what, replace) => {
    const path = makePath();
    const sink = sinkOf(path, { reopenWhenMoved: true });
    sink.open();
    write(sink, "before");
    replace(path);
    sink.open();
    expect(sink.state()).toEqual({ fileBytes: 7, inode: statSync(path).ino });
    write(sink, "after");
    expect(readFileSync(path, "utf8")).toBe("theirs after");
  });

  test("open() finds what others have done to the file that stays: appended, emptied, moved away and back", () => {
    const path = makePath();
    const sink = sinkOf(path, { reopenWhenMoved: true });
    sink.open();
    const { inode } = sink.state();
    write(sink, "12345");
    appendFileSync(path, "678");
    sink.open();
    expect(sink.state()).toEqual({ fileBytes: 8, inode });
    truncateSync(path);
    sink.open();
    expect(sink.state()).toEqual({ fileBytes: 0, inode });
    renameSync(path, `${path}.1`);
    linkSync(`${path}.1`, path);
    unlinkSync(`${path}.1`);
    sink.open();
    expect(sink.state()).toEqual({ fileBytes: 0, inode });
  });

  test("open() makes a file again that was deleted, also where it does not look whether it was moved", () => {
    const path = makePath();
    const sink = sinkOf(path);
    sink.open();
    unlinkSync(path);
    sink.open();
    write(sink, "after");
    expect(readFileSync(path, "utf8")).toBe("after");
  });

  test("open() empties the file the first time only", () => {
    const path = makePath();
    writeFileSync(path, "old");
    const sink = sinkOf(path, { truncate: true });
    sink.open();
    write(sink, "new");
    sink.close();
    sink.open();
    expect(readFileSync(path, "utf8")).toBe("new");
  });

  test("state() is the size and inode at the last open()", () => {
    const path = makePath();
    writeFileSync(path, "12345");
    const sink = sinkOf(path);
    sink.open();
    write(sink, "678");
    expect(sink.state()).toEqual({ fileBytes: 5, inode: statSync(path).ino });
    sink.open();
    expect(sink.state().fileBytes).toBe(8);
  });

  test("open() makes a file again that was deleted, and its folder", () => {
    const path = join(makePath(), "folder", "app.log");
    const sink = sinkOf(path, { mkdir: true });
    sink.open();
    write(sink, "before");
    unlinkSync(path);
    rmSync(join(path, ".."), { recursive: true });
    sink.open();
    write(sink, "after");
    expect(readFileSync(path, "utf8")).toBe("after");
    expect(sink.state()).toEqual({ fileBytes: 0, inode: statSync(path).ino });
  });

  test("open() leaves a file that was renamed open, until close()", () => {
    const path = makePath();
    const sink = sinkOf(path);
    sink.open();
    renameSync(path, `${path}.1`);
    sink.open();
    write(sink, "renamed");
    sink.close();
    sink.open();
    write(sink, "new");
    expect([readFileSync(`${path}.1`, "utf8"), readFileSync(path, "utf8")]).toEqual(["renamed", "new"]);
  });

  test("open() throws what the system says", () => {
    const path = makePath();
    mkdirSync(path);
    expect(() => sinkOf(path).open()).toThrow("EISDIR");
    expect(() => sinkOf(join(path, "missing", "app.log")).open()).toThrow("ENOENT");
  });

  test("a FIFO that nobody reads holds nobody: open() says ENXIO, a full one takes 0 bytes", () => {
    const path = makePath();
    const fifo = new Fifo(path);
    const sink = sinkOf(path);
    sink.open();
    const bytes = Buffer.alloc(1_000_000);
    expect(sink.write(bytes, 0)).toBeGreaterThan(0);
    expect(sink.write(bytes, 0)).toBe(0);
    expect(sink.state()).toEqual({ fileBytes: -1, inode: -1 });
    fifo.close();
    expect(() => sinkOf(path).open()).toThrow("ENXIO");
  });

  test("close() twice, and before open(), harms nothing", () => {
    const sink = sinkOf(makePath());
    sink.close();
    sink.open();
    sink.close();
    sink.close();
  });
});
