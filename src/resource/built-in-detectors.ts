import { readFileSync } from "node:fs";
import { arch, hostname, platform, release, userInfo, version } from "node:os";
import type { ProcessFacts } from "./process-facts.ts";
import { containerIdInGroups, containerIdInMounts } from "./container-id.ts";

/** Attributes as detectors give them: values, or promises of values. What is undefined is not known. */
export type DetectedAttributes = Readonly<Record<string, unknown>>;

/** Names of detectors, as `OTEL_NODE_RESOURCE_DETECTORS` has them. */
export type DetectorName = "host" | "os" | "process" | "serviceinstance" | "container";

/** Node's words, where OpenTelemetry has others. @see Semantic conventions 1.44, `host.arch`, `os.type` */
const ARCHITECTURES: Readonly<Record<string, string>> = { arm: "arm32", ppc: "ppc32", x64: "amd64" };
const SYSTEMS: Readonly<Record<string, string>> = { sunos: "solaris", win32: "windows" };
const MACHINE_ID_PATHS: readonly string[] = ["/etc/machine-id", "/var/lib/dbus/machine-id"];

/**
 * What each detector finds out, the attributes of those of @opentelemetry/resources and their values. Small files are read
 * at once, in microseconds; what takes a process of its own (`host.id` anywhere but on Linux) is a promise. Never throw.
 */
export const BUILT_IN_DETECTORS: Readonly<Record<DetectorName, (facts: ProcessFacts) => DetectedAttributes>> =
  {
    host: () => ({
      "host.name": hostname(),
      "host.arch": ARCHITECTURES[arch()] ?? arch(),
      "host.id": hostId(),
    }),
    os: () => ({
      "os.type": SYSTEMS[platform()] ?? platform(),
      "os.version": release(),
      "os.description": osDescription(),
    }),
    process: ({ argv }) => ({
      "process.pid": process.pid,
      "process.executable.name": process.title,
      "process.executable.path": process.execPath,
      "process.command": argv[1],
      "process.runtime.name": "nodejs",
      "process.runtime.version": process.versions.node,
      "process.runtime.description": "Node.js",
      "process.owner": owner(),
    }),
    serviceinstance: ({ instanceId }) => ({ "service.instance.id": instanceId }),
    container: () => ({ "container.id": containerId() }),
  };

/**
 * The command line, which may hold secrets: only for those who ask for it.
 * @see Semantic conventions 1.44, `process.command_args`: "SHOULD NOT be collected by default"
 */
export function commandArguments({ argv, execArgv }: ProcessFacts): DetectedAttributes {
  return { "process.command_args": [...argv.slice(0, 1), ...execArgv, ...argv.slice(1)] };
}

function hostId(): string | undefined | Promise<unknown> {
  if (platform() !== "linux") return foreignHostId();
  for (const path of MACHINE_ID_PATHS) {
    const id = textOf(path)?.trim();
    if (id !== undefined && id !== "") return id;
  }
  return undefined;
}

/** Asks the system's own tools, as the SDK knows to. */
async function foreignHostId(): Promise<unknown> {
  // oxlint-disable-next-line no-restricted-imports -- Loaded when it is used, and only where it is.
  const { hostDetector } = await import("@opentelemetry/resources");
  return hostDetector.detect().attributes?.["host.id"];
}

/** What the system calls itself: `Debian GNU/Linux 12 (bookworm)`. */
function osDescription(): string {
  const name = /^PRETTY_NAME="?([^"\n]+)"?$/m.exec(textOf("/etc/os-release") ?? "")?.[1];
  return name ?? version();
}

/** Unknown to a system without an entry for the user. */
function owner(): string | undefined {
  try {
    return userInfo().username;
  } catch {
    return undefined;
  }
}

function containerId(): string | undefined {
  if (platform() !== "linux") return undefined;
  const inGroups = containerIdInGroups(textOf("/proc/self/cgroup") ?? "");
  return inGroups ?? containerIdInMounts(textOf("/proc/self/mountinfo") ?? "");
}

function textOf(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return undefined;
  }
}
