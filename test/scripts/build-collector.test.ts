import { spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";

import { ROOT } from "../../scripts/build-worker.ts";

interface Finished {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

function makeFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "femto-build-collector-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Runs the script in a world of its own: `PATH` is the folder, and so is the cache. */
function runScript(folder: string, env: Readonly<Record<string, string>> = {}): Finished {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ["--disable-warning=ExperimentalWarning", join(ROOT, "scripts/build-collector.ts")],
    { env: { PATH: folder, HOME: folder, TMPDIR: folder, XDG_CACHE_HOME: folder, ...env }, encoding: "utf8" },
  );
  return { code: status, stdout, stderr };
}

/** A program that is called `go`, for what the real one does on other machines. */
function writeGo(folder: string, script: string): void {
  writeFileSync(join(folder, "go"), `#!/bin/sh\n${script}\n`);
  chmodSync(join(folder, "go"), 0o755);
}

test("build-collector ends with 3 and says why when there is no Go", () => {
  expect(runScript(makeFolder())).toEqual({
    code: 3,
    stdout: "",
    stderr: 'Cannot build the collector: "go" is not installed, or cannot be run\n',
  });
});

test("build-collector ends with 3 and says what Go said when the modules cannot be fetched, and leaves nothing", () => {
  const folder = makeFolder();
  writeGo(
    folder,
    '[ "$1" = env ] && exit 0\necho "go: reading https://proxy/a.zip: 403 Forbidden" >&2\nexit 1',
  );
  const { code, stderr } = runScript(folder);
  expect(code).toBe(3);
  expect(stderr).toContain(
    "Cannot build the collector: the Go modules cannot be fetched (go: reading https://proxy/a.zip: 403 Forbidden)\n",
  );
  expect(readdirSync(folder)).toEqual(["go"]);
});

test("build-collector ends with 1 when the collector does not compile", () => {
  const folder = makeFolder();
  writeGo(folder, 'case "$*" in *--skip-generate*) echo "main.go:7: undefined: x" >&2; exit 1;; esac');
  const { code, stderr } = runScript(folder);
  expect(code).toBe(1);
  expect(stderr).toContain("Cannot build the collector: it does not compile\nmain.go:7: undefined: x\n");
});

test("build-collector gives the program that OTELCOL names, and refuses what is none", () => {
  const folder = makeFolder();
  writeGo(folder, "exit 0");
  const program = join(folder, "go");
  expect(runScript(folder, { OTELCOL: program })).toEqual({ code: 0, stdout: `${program}\n`, stderr: "" });
  const missing = join(folder, "missing");
  expect(runScript(folder, { OTELCOL: missing })).toEqual({
    code: 1,
    stdout: "",
    stderr: `Cannot run the collector that OTELCOL names: "${missing}" must be a program\n`,
  });
  mkdirSync(missing);
  expect(runScript(folder, { OTELCOL: missing }).code).toBe(1);
});
