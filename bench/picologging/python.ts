/** Finds a Python, and picologging for it; says why where there is none. */
import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);
/** The last release; it has wheels for Python 3.7 to 3.12. */
const PICOLOGGING = "picologging==0.9.3";
const LOOK_MILLIS = 20_000;
const INSTALL_MILLIS = 180_000;

/** A Python that can run a library's scenarios, or the reason why there is none. */
export type FoundPython =
  | { readonly command: string; readonly skipped?: undefined }
  | { readonly command?: undefined; readonly skipped: string };

/** What was found for both libraries. */
export interface FoundPythons {
  readonly logging: FoundPython;
  readonly picologging: FoundPython;
}

/**
 * Looks for the standard library's `logging` and for picologging. Where picologging is not installed, a virtual environment is made in
 * `folder` and pip is asked for it, if `mayInstall`.
 *
 * @param command The interpreter, for example "python3".
 */
export async function findPythons(
  command: string,
  place: { readonly folder: string; readonly mayInstall: boolean },
): Promise<FoundPythons> {
  const version = await attempt(command, ["--version"], LOOK_MILLIS);
  if (version !== undefined) {
    const skipped = `no Python: ${version}`;
    return { logging: { skipped }, picologging: { skipped } };
  }
  const logging = { command };
  if ((await attempt(command, ["-c", "import picologging"], LOOK_MILLIS)) === undefined) {
    return { logging, picologging: { command } };
  }
  if (!place.mayInstall) return { logging, picologging: { skipped: "not installed" } };
  return { logging, picologging: await install(command, place.folder) };
}

async function install(command: string, folder: string): Promise<FoundPython> {
  const environment = join(folder, "python");
  const made = await attempt(command, ["-m", "venv", environment], INSTALL_MILLIS);
  if (made !== undefined) return { skipped: `no virtual environment: ${made}` };
  const python = join(environment, process.platform === "win32" ? "Scripts/python.exe" : "bin/python");
  const arguments_ = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", PICOLOGGING];
  const installed = await attempt(python, arguments_, INSTALL_MILLIS);
  if (installed !== undefined) return { skipped: `pip cannot install ${PICOLOGGING}: ${installed}` };
  return { command: python };
}

/** Runs a command. Returns what went wrong, in one line; undefined when nothing did. */
async function attempt(
  command: string,
  args: readonly string[],
  timeout: number,
): Promise<string | undefined> {
  try {
    await run(command, args, { timeout });
    return undefined;
  } catch (error) {
    const { stderr, message } = error as Error & { readonly stderr?: string };
    const lines = (stderr === undefined || stderr.trim() === "" ? message : stderr).trim().split("\n");
    return lines.at(-1);
  }
}
