import { existsSync, readFileSync, renameSync, statSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import type { RotatingOptions } from "../../../exporters/rotating/options.ts";
import { RotatingSink } from "../../../exporters/rotating/rotating-sink.ts";
import { makeFolder } from "../../handlers/fixture.ts";
import { backupsOf } from "../../handlers/rotating-fixture.ts";

const HOUR = 3600;
const HOURLY = { when: "H", interval: 1, utc: true, atSecond: 0 } as const;

interface Made {
  readonly sink: RotatingSink;
  readonly troubles: string[];
  /** When the next rotation is due: seconds since 1970. */
  readonly due: Float64Array;
}

function make(options: Partial<RotatingOptions> & { readonly path: string }): Made {
  const dueMemory = new SharedArrayBuffer(8);
  const troubles: string[] = [];
  const sink = new RotatingSink(
    {
      fileMode: 0o666,
      mkdir: false,
      reopenWhenMoved: true,
      maxBytes: 0,
      backupCount: 0,
      maxAgeMillis: 0,
      maxTotalBytes: 0,
      compress: "none",
      isInline: true,
      namer: undefined,
      rotator: undefined,
      schedule: undefined,
      rotateWhenIdle: false,
      dueMemory,
      ...options,
    },
    { report: (trouble) => troubles.push(trouble), compressing: undefined },
  );
  onTestFinished(() => sink.close());
  return { sink, troubles, due: new Float64Array(dueMemory) };
}

function makePath(): string {
  return join(makeFolder(), "app.log");
}

function write(sink: RotatingSink, text: string): void {
  sink.open();
  if (sink.isDue(text.length)) {
    sink.rotate();
    sink.open();
  }
  sink.write(Buffer.from(text), 0);
  sink.open();
}

function now(): number {
  return Date.now() / 1000;
}

describe("RotatingSink", () => {
  test("roomBytes and isDue(): a file stays below maxBytes, and an empty one takes anything", () => {
    const { sink } = make({ path: makePath(), maxBytes: 10, backupCount: 1 });
    sink.open();
    expect([sink.roomBytes, sink.isDue(100)]).toEqual([9, false]);
    write(sink, "12345");
    expect([sink.roomBytes, sink.isDue(4), sink.isDue(5)]).toEqual([4, false, true]);
  });

  test("rotate() leaves a file alone that another process has begun since", () => {
    const path = makePath();
    const [first, second] = [1, 2].map(() => make({ path, maxBytes: 10, backupCount: 9 }).sink) as [
      RotatingSink,
      RotatingSink,
    ];
    write(first, "12345678");
    second.open();
    write(first, "abcdefgh");
    second.rotate();
    expect(backupsOf(path)).toEqual([".1"]);
    expect(readFileSync(path, "utf8")).toBe("abcdefgh");
  });

  test("open() after rotate() counts what another process has written into the next file already", () => {
    const path = makePath();
    const { sink } = make({ path, maxBytes: 10, backupCount: 9 });
    write(sink, "12345678");
    sink.rotate();
    writeFileSync(path, "theirs");
    sink.open();
    expect(sink.state()).toEqual({ fileBytes: 6, inode: statSync(path).ino });
    expect([sink.roomBytes, sink.isDue(3), sink.isDue(4)]).toEqual([3, false, true]);
  });

  test("open() before a write finds the file that another process has rotated and begun meanwhile", () => {
    const path = makePath();
    const [first, second] = [1, 2].map(() => make({ path, maxBytes: 10, backupCount: 9 }).sink) as [
      RotatingSink,
      RotatingSink,
    ];
    write(first, "12345678");
    write(second, "abcdef");
    write(first, "xy");
    expect(backupsOf(path)).toEqual([".1"]);
    expect(readFileSync(path, "utf8")).toBe("abcdefxy");
    expect(first.state()).toEqual({ fileBytes: 8, inode: statSync(path).ino });
  });

  test("a file that was emptied meanwhile is not put away", () => {
    const path = makePath();
    const { sink } = make({ path, maxBytes: 10, backupCount: 9 });
    write(sink, "12345678");
    truncateSync(path);
    write(sink, "abcdefgh");
    expect(backupsOf(path)).toEqual([]);
    expect(readFileSync(path, "utf8")).toBe("abcdefgh");
  });

  test("stateOf() finds a file that was put away by its inode", () => {
    const path = makePath();
    const { sink } = make({ path, maxBytes: 10, backupCount: 9 });
    write(sink, "12345678");
    const { ino } = statSync(path);
    write(sink, "abcdefg");
    expect(sink.stateOf(ino)).toEqual({ fileBytes: 8, inode: ino });
    expect(sink.stateOf(sink.state().inode)).toMatchObject({ fileBytes: 7 });
    expect(sink.stateOf(1)).toBeUndefined();
  });

  test("the clock: a file of another process begins an interval, one of its own after a full one does not", () => {
    const path = makePath();
    const options = { path, schedule: HOURLY, maxBytes: 10 };
    const [mine, others] = [make(options), make(options)];
    write(mine.sink, "12345678");
    others.sink.open();
    mine.due[0] = now() + 10;
    others.due[0] = now() + 20;
    write(mine.sink, "abcdefgh");
    others.sink.open();
    expect(mine.due[0]).toBeLessThan(now() + 11);
    expect(others.due[0]).toBeGreaterThan(now() + HOUR - 10);
  });

  test("the clock: an interval that is over while there is no file goes by, and makes none", () => {
    const path = makePath();
    const { sink, due } = make({ path, schedule: HOURLY, rotateWhenIdle: true });
    expect(sink.dueInMillis()).toBe(0);
    sink.attend();
    expect(due[0]).toBeGreaterThan(now() + HOUR - 10);
    due[0] = now() - 1;
    sink.attend();
    expect(existsSync(path)).toBe(false);
    expect(sink.dueInMillis()).toBeGreaterThan((HOUR - 10) * 1000);
  });

  test("a successor goes on with the time that was due, and misses no rotation", () => {
    const path = makePath();
    const first = make({ path, schedule: HOURLY });
    write(first.sink, "12345678");
    first.due[0] = now() - 1;
    const successor = make({ path, schedule: HOURLY, dueMemory: first.due.buffer as SharedArrayBuffer });
    write(successor.sink, "abcdefgh");
    expect(backupsOf(path)).toHaveLength(1);
  });

  test("a rotator that does nothing is no rotation: the file goes on", () => {
    const path = makePath();
    const { sink, troubles } = make({ path, maxBytes: 10, backupCount: 1, rotator: () => {} });
    write(sink, "12345678");
    write(sink, "abcdefgh");
    expect(readFileSync(path, "utf8")).toBe("12345678abcdefgh");
    expect(troubles).toEqual([]);
  });

  test("a hook that throws is told, and the file goes on", () => {
    const path = makePath();
    const rotator = (source: string, destination: string): void => {
      renameSync(source, destination);
      throw new Error("by the rotator");
    };
    const { sink, troubles } = make({ path, maxBytes: 10, backupCount: 3, rotator });
    write(sink, "12345678");
    write(sink, "abcdefgh");
    expect(troubles).toEqual([
      `Cannot rotate ${path}: by the rotator; records go on into the file, and it is tried again`,
    ]);
    expect([backupsOf(path), readFileSync(path, "utf8")]).toEqual([[".1"], "abcdefgh"]);
  });
});
