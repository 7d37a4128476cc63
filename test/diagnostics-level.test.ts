/** OTEL_LOG_LEVEL: what stderr hears of our own trouble. In processes of their own, since stderr is descriptor 2. */
import { spawnSync } from "node:child_process";
import { expect, test } from "vitest";

const diagnostics = new URL("../src/diagnostics.ts", import.meta.url).href;
const program = `
  import { reportOnce, reportTrouble } from ${JSON.stringify(diagnostics)};
  reportOnce("advice", "advice");
  reportTrouble("loss", "loss");
`;

function saidWith(level: string | undefined): string {
  const { OTEL_LOG_LEVEL: _level, ...env } = process.env;
  const { stderr } = spawnSync(process.execPath, ["--input-type=module", "-e", program], {
    env: {
      ...env,
      NODE_OPTIONS: "",
      NODE_NO_WARNINGS: "1",
      ...(level !== undefined && { OTEL_LOG_LEVEL: level }),
    },
    encoding: "utf8",
  });
  return stderr;
}

test.each([
  [undefined, ["advice", "loss"]],
  ["", ["advice", "loss"]],
  ["ALL", ["advice", "loss"]],
  ["info", ["advice", "loss"]],
  ["WARN", ["advice", "loss"]],
  ["Error", ["loss"]],
  ["NONE", []],
])("with OTEL_LOG_LEVEL %j stderr hears %j", (level, said) => {
  expect(saidWith(level)).toBe(said.map((text) => `femtologging: ${text}\n`).join(""));
});

test("a wrong OTEL_LOG_LEVEL is said once and ignored", () => {
  expect(saidWith("loud")).toBe(
    'femtologging: Cannot use the environment variable OTEL_LOG_LEVEL: it is "loud", must be one of NONE, ERROR, WARN, INFO, DEBUG, VERBOSE, ALL; ignored\n' +
      "femtologging: advice\nfemtologging: loss\n",
  );
});
