import { describe, expect, test } from "vitest";

import { nearestName } from "../../src/options/nearest-name.ts";

const names = ["queueBytes", "recordBytesMax", "level", "path", "mode", "utc"];

describe("nearestName", () => {
  test.each([
    ["queueByte", "queueBytes"],
    ["queuebytes", "queueBytes"],
    ["queue_bytes", "queueBytes"],
    ["queue-bytes", "queueBytes"],
    ["qeueuBytes", "queueBytes"],
    ["quueBytes", "queueBytes"],
    ["levle", "level"],
    ["lvl", undefined],
    ["paht", "path"],
    ["mide", "mode"],
    ["fsync", undefined],
    ["", undefined],
  ])("nearestName() of %o is %o", (name, nearest) => {
    expect(nearestName(name, names)).toBe(nearest);
  });

  test("nearestName() takes the nearest, and of equals the first", () => {
    expect(nearestName("backup", ["backlup", "backup_"])).toBe("backup_");
    expect(nearestName("cat", ["bat", "rat"])).toBe("bat");
  });

  test("nearestName() does not look at text longer than 64 characters", () => {
    const name = "x".repeat(65);
    expect(nearestName(name, [name])).toBeUndefined();
    expect(nearestName(name.slice(1), [name.slice(1)])).toBe(name.slice(1));
  });
});
