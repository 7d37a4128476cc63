/** A small application of Next.js with a route that logs, its standalone build, and its server. */
import { type ChildProcess, execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { cp, mkdir, writeFile } from "node:fs/promises";
import { type AddressInfo, createServer } from "node:net";
import { dirname, join } from "node:path";
import { promisify } from "node:util";

import { ROOT } from "../../scripts/build-worker.ts";
import { runNpm } from "../package/application.ts";

const execFileAsync = promisify(execFile);

const PACKAGES: readonly string[] = ["next@16.4.6", "react@19.3.1", "react-dom@19.3.1"];
const API = "@opentelemetry/api@1.10.0";
const STEP_TIMEOUT_MILLIS = 240_000;

const FILES: Readonly<Record<string, string>> = {
  "package.json": JSON.stringify({ name: "application", private: true }),
  // Nothing about this package: it is bundled as any other.
  "next.config.mjs": `export default { output: "standalone" };`,
  "app/layout.js": `export default function Layout({ children }) { return <html><body>{children}</body></html>; }`,
  "app/page.js": `export default function Page() { return <p>shop</p>; }`,
  "logging.js": `
    import { FemtoFileHandler, FemtoOtlpHttpHandler, getLogger } from "femtologging";
    const log = getLogger("shop");
    let isReady = false;
    export function logger() {
      // Not while Next.js builds: then modules are loaded as well.
      if (!isReady) {
        log.addHandler(new FemtoFileHandler({ path: process.env.LOG_PATH }));
        log.addHandler(new FemtoOtlpHttpHandler({ url: process.env.OTLP_URL }));
        isReady = true;
      }
      return log;
    }`,
  "app/api/log/route.js": `
    import { flush } from "femtologging";
    import { logger } from "../../../logging.js";
    export const dynamic = "force-dynamic";
    export async function GET(request) {
      const id = Number(new URL(request.url).searchParams.get("id"));
      logger().info("Order {id} is paid", { id });
      await flush();
      return Response.json({ id });
    }`,
};

/** Whether the packages can be had: false without a registry. */
export async function canInstall(): Promise<boolean> {
  try {
    await execFileAsync("npm", ["view", ...PACKAGES.slice(0, 1), "version"], { timeout: 30_000 });
    return true;
  } catch {
    return false;
  }
}

/** Writes and installs the application, with this package from a tarball. @throws {Error} npm fails. */
export async function installApplication(folder: string): Promise<void> {
  for (const [name, text] of Object.entries(FILES)) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), text);
  }
  const output = await runNpm(["pack", ROOT, "--json", "--ignore-scripts"], folder);
  const [report] = JSON.parse(output) as { readonly filename: string }[];
  if (report === undefined) throw new Error(`Cannot pack: npm printed ${output}`);
  const options = ["--ignore-scripts", "--prefer-offline", "--no-audit", "--no-fund"];
  await runNpm(["install", ...PACKAGES, API, `./${report.filename}`, ...options], folder);
}

/** Builds the application and copies what is to be deployed to `target`. Returns what the build said. @throws {Error} It fails. */
export async function buildStandalone(folder: string, target: string): Promise<string> {
  const next = join(folder, "node_modules", "next", "dist", "bin", "next");
  const { HOME, PATH } = process.env;
  const { stdout, stderr } = await execFileAsync(process.execPath, [next, "build"], {
    cwd: folder,
    env: { HOME, PATH, NEXT_TELEMETRY_DISABLED: "1" },
    timeout: STEP_TIMEOUT_MILLIS,
  });
  await cp(join(folder, ".next", "standalone"), target, { recursive: true, verbatimSymlinks: true });
  return stdout + stderr;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}

/** A running server: its process and where it answers. */
export interface NextServer {
  readonly child: ChildProcess;
  readonly url: string;
  /** What it has said so far. */
  readonly said: () => string;
}

/** Starts the standalone server. @throws {Error} It ends before it is ready; the message has what it said. */
export async function startServer(
  folder: string,
  env: Readonly<Record<string, string>>,
): Promise<NextServer> {
  // Next.js takes 0 for its default port.
  const port = await freePort();
  const { HOME, PATH } = process.env;
  const child = spawn(process.execPath, ["server.js"], {
    cwd: folder,
    env: { HOME, PATH, PORT: String(port), HOSTNAME: "127.0.0.1", ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let text = "";
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding("utf8").on("data", (chunk: string) => {
      text += chunk;
      if (text.includes("Ready")) resolve();
    });
  child.once("close", () => reject(new Error(`Cannot start Next.js: ${text}`)));
  await promise;
  return { child, url: `http://127.0.0.1:${port}`, said: () => text };
}
