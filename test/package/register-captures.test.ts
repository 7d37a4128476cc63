/** FEMTO_CAPTURE: what an application does with other people's loggers becomes records, without a change in it. */
import { describe, expect, test } from "vitest";

import { CAPTURE_KINDS } from "../../src/register/capture-kinds.ts";
import { linesOf, makeRegistered, REGISTER } from "./registered-application.ts";

const CONFIG = "level: TRACE\nhandlers: [{type: file, path: app.log}]\n";

interface CapturedProgram {
  readonly name: string;
  readonly packages?: readonly string[];
  readonly program: string;
  readonly env?: Readonly<Record<string, string>>;
  /** What a record of it has. */
  readonly record: Readonly<Record<string, unknown>>;
  readonly code?: number;
}

const PROGRAMS: readonly CapturedProgram[] = [
  {
    name: "console",
    program: "console.error('paid', { orderId: 7 });",
    record: { severity: 17, msg: expect.stringContaining("paid") },
  },
  {
    name: "warnings",
    program: "process.emitWarning('old', 'DeprecationWarning', 'DEP7');",
    record: { severity: 13, msg: expect.stringContaining("old") },
  },
  {
    name: "uncaught",
    program: "throw new RangeError('nobody');",
    record: { "exception.type": "RangeError", "exception.message": "nobody" },
    code: 1,
  },
  {
    name: "debug",
    packages: ["debug"],
    program: "require('debug')('shop')('paid %d', 7);",
    env: { DEBUG: "shop" },
    record: { msg: expect.stringContaining("paid 7") },
  },
  {
    name: "debuglog",
    program: "require('node:util').debuglog('shop')('paid %d', 7);",
    env: { NODE_DEBUG: "shop" },
    record: { msg: expect.stringContaining("paid 7") },
  },
  {
    name: "pino",
    packages: ["pino"],
    program: "require('pino')({ name: 'shop' }).warn({ orderId: 7 }, 'paid');",
    record: { severity: 13, msg: "paid", orderId: 7 },
  },
  {
    name: "winston",
    packages: ["winston"],
    program: `
      const { createLogger, transports } = require('winston');
      createLogger({ transports: [new transports.Console()] }).warn('paid', { orderId: 7 });
    `,
    record: { severity: 13, msg: "paid", orderId: 7 },
  },
];

describe.each(PROGRAMS)("$name", ({ name, packages = [], program, env, record, code = 0 }) => {
  test.each(["--import", "--require"])("is captured before the application starts, by %s", async (option) => {
    const folder = await makeRegistered({ "femto.yaml": CONFIG, "program.cjs": program }, packages);
    const variables = { ...env, FEMTO_CONFIG: "femto.yaml", FEMTO_CAPTURE: name };
    const ended = await folder.run({ args: [option, REGISTER, "program.cjs"], env: variables });
    expect([ended.code, ended.stderr.includes("femtologging:")]).toEqual([code, false]);
    expect(linesOf(await folder.read("app.log"))).toEqual([expect.objectContaining(record)]);
  });
});

test("every source that can be named is tested here", () => {
  expect(Object.keys(CAPTURE_KINDS)).toEqual(PROGRAMS.map(({ name }) => name).toSorted());
});

test("a file of FEMTO_CONFIG and FEMTO_CAPTURE name sources together, in any case", async () => {
  const folder = await makeRegistered(
    {
      "femto.yaml": `${CONFIG}capture: [console]\n`,
      "program.cjs": "console.log('printed'); require('pino')().info('logged');",
    },
    ["pino"],
  );
  const env = { FEMTO_CONFIG: "femto.yaml", FEMTO_CAPTURE: "Pino, console" };
  const { stderr } = await folder.run({ args: ["--import", REGISTER, "program.cjs"], env });
  const messages = linesOf(await folder.read("app.log")).map(({ msg }) => msg);
  expect(messages).toEqual(["printed", "logged"]);
  expect(stderr).not.toContain("femtologging:");
});

test("a captured console does not feed a handler that writes to the same terminal: no record twice, none for ever", async () => {
  const folder = await makeRegistered({ "program.cjs": "console.log('once');" });
  const env = { OTEL_LOGS_EXPORTER: "console", FEMTO_CAPTURE: "console" };
  const { code, stdout } = await folder.run({ args: ["--import", REGISTER, "program.cjs"], env });
  expect(code).toBe(0);
  expect(stdout.match(/once/g)).toHaveLength(2);
});

test("a library that is not there does not hold the others up", async () => {
  const folder = await makeRegistered({ "femto.yaml": CONFIG, "program.cjs": "console.log('printed');" });
  const env = { FEMTO_CONFIG: "femto.yaml", FEMTO_CAPTURE: "winston,pino,debug,console" };
  const { code } = await folder.run({ args: ["--import", REGISTER, "program.cjs"], env });
  expect(code).toBe(0);
  expect(linesOf(await folder.read("app.log"))).toEqual([expect.objectContaining({ msg: "printed" })]);
});

test.each([
  { option: "--import", worker: `new Worker("./thread.cjs")` },
  { option: "--require", worker: `new Worker("./thread.cjs")` },
  { option: "--require", worker: `new Worker("console.log('thread')", { eval: true })` },
])("threads of the application are captured too: $option, $worker", async ({ option, worker }) => {
  const folder = await makeRegistered({
    "femto.yaml": CONFIG,
    "thread.cjs": "console.log('thread');",
    "program.cjs": `
      const { Worker } = require("node:worker_threads");
      console.log("main");
      ${worker}.on("exit", () => console.log("end"));
    `,
  });
  const env = { FEMTO_CONFIG: "femto.yaml", FEMTO_CAPTURE: "console" };
  const { code } = await folder.run({ args: [option, REGISTER, "program.cjs"], env });
  expect(code).toBe(0);
  const messages = linesOf(await folder.read("app.log")).map(({ msg }) => msg);
  expect(messages).toEqual(["main", "thread", "end"]);
});

test("debug is found beside the main module, wherever the application runs", async () => {
  const program = `
    const { basicConfig } = require("femtologging");
    const { captureDebug } = require("femtologging/bridges");
    basicConfig({ path: __dirname + "/app.log", level: 10 });
    process.chdir("/");
    captureDebug();
    require("debug")("shop")("paid %d", 7);
  `;
  const folder = await makeRegistered({ "program.cjs": program }, ["debug"]);
  const { code, stderr } = await folder.run({ args: ["program.cjs"], env: { DEBUG: "shop" } });
  expect({ code, stderr }).toMatchObject({ code: 0, stderr: expect.not.stringContaining("femtologging:") });
  expect(linesOf(await folder.read("app.log"))).toMatchObject([{ logger: "shop", msg: "paid 7" }]);
});

test("debug that is nowhere is said, with the places that were looked at", async () => {
  const program = `require("femtologging/bridges").captureDebug();`;
  const folder = await makeRegistered({ "program.cjs": program });
  const { code, stderr } = await folder.run({ args: ["program.cjs"] });
  expect(code).toBe(1);
  expect(stderr).toMatch(
    /Cannot capture debug: the package is installed neither where the application's main module is nor/,
  );
});
