import { describe, expect, test } from "vitest";

import { runProgram } from "../captured.ts";

const NODE_DEBUG = { NODE_DEBUG: "shop,fs-like" };

describe("captureDebuglog()", () => {
  test("makes records of enabled sections, whichever way the function was imported, and prints as before", async () => {
    const { code, stderr, lines } = await runProgram("debuglog.ts", { env: NODE_DEBUG });
    expect(code).toBe(0);
    expect(lines.map(({ logger, severity, msg }) => [logger, severity, msg])).toEqual([
      ["debuglog.shop", 5, "order 7 { paid: true }"],
      ["debuglog.shop", 5, "by the callback"],
      ["debuglog.shop", 5, "by the callback's function"],
      ["debuglog.fs-like", 5, expect.stringMatching(/^failed TypeError: no file/)],
    ]);
    expect(lines[3]).toMatchObject({ "exception.type": "TypeError", "exception.message": "no file" });
    expect(stderr.match(/^SHOP \d+: .*$/gm)?.map((line) => line.replace(/\d+/, "N"))).toEqual([
      "SHOP N: taken before",
      "SHOP N: order 7 { paid: true }",
      "SHOP N: by the callback",
      "SHOP N: by the callback's function",
      "SHOP N: after release()",
    ]);
  });

  test("`enabled` says what Node says, and a section that is off makes no record", async () => {
    const { stdout, lines } = await runProgram("debuglog.ts");
    expect(stdout).toBe("shop false, after release() false\n");
    expect(lines).toEqual([]);
  });

  test("with forward: false prints only what was taken before and after", async () => {
    const { stderr, lines } = await runProgram("debuglog.ts", { env: NODE_DEBUG, args: ["silent"] });
    expect(stderr.match(/^SHOP \d+: .*$/gm)?.map((line) => line.replace(/^.*: /, ""))).toEqual([
      "taken before",
      "after release()",
    ]);
    expect(lines).toHaveLength(4);
  });
});
