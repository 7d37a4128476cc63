import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { createLogging, FemtoNullHandler } from "../../src/index.ts";
import { configErrorOf, endWithTest } from "./fixture.ts";

const program = new URL("programs/library.ts", import.meta.url).pathname;

async function stderrOf(handler: "null" | "none"): Promise<string> {
  const { stderr } = await promisify(execFile)(process.execPath, [program, handler]);
  return stderr;
}

test("FemtoNullHandler keeps a library's records from the last resort", async () => {
  expect(await stderrOf("none")).toContain("nobody has asked for this");
  expect(await stderrOf("null")).toBe("");
});

test("FemtoNullHandler takes and counts nothing, whatever its level", async () => {
  const handler = endWithTest(new FemtoNullHandler());
  const logger = createLogging({ handlers: [handler] }).getLogger("library");
  handler.setLevel();
  logger.critical("nothing");
  await handler.forceFlush();
  expect(handler.flushSync()).toBe(true);
  expect(handler.stats()).toMatchObject({ emitted: 0, delivered: 0, queued: 0, droppedTotal: 0 });
  await handler.shutdown();
});

test("FemtoNullHandler has a name and no other option", () => {
  expect(endWithTest(FemtoNullHandler.builder().name("silence").build()).name).toBe("silence");
  const given = { level: "INFO" } as unknown as { readonly name: string };
  expect(configErrorOf(() => new FemtoNullHandler(given))).toContain('"level"');
});
