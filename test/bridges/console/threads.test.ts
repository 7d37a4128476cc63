import { expect, test } from "vitest";

import { runProgram } from "../captured.ts";

test("captureConsole() captures the console of its own thread, and what that prints still comes out", async () => {
  const { code, stdout, stderr, lines } = await runProgram("console-thread.ts");
  expect({ code, stdout, stderr }).toEqual({
    code: 0,
    stdout: "main thread\n",
    stderr: "from a thread { order: 7 }\n",
  });
  expect(lines).toMatchObject([{ logger: "console", level: "warn", msg: "from a thread { order: 7 }" }]);
});

test("captureConsole() delivers what is printed in the moment before process.exit()", async () => {
  const { code, lines } = await runProgram("console-exit.ts");
  expect(code).toBe(7);
  expect(lines.map(({ msg }) => msg)).toEqual(Array.from({ length: 1000 }, (_, index) => `record ${index}`));
});
