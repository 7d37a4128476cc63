import { pathToFileURL } from "node:url";
import { loadHook } from "../../exporters/rotating/hooks.ts";
import type { HookModule, RotatingOptions } from "../../exporters/rotating/options.ts";
import { ConfigError, type ConfigProblem } from "../errors.ts";
import type { ResolvedOf } from "../options/infer.ts";
import { hintFor } from "../options/read-value.ts";
import type { ROTATING_HANDLER_OPTIONS } from "../options/rotating-options.ts";
import type { HookModuleReference } from "../options/rotation-hooks.ts";
import { openOnce } from "./opened-once.ts";

/** The resolved options that say how a file is written and put away, and on whose thread. */
type Resolved = Pick<
  ResolvedOf<typeof ROTATING_HANDLER_OPTIONS>,
  | "path"
  | "fileMode"
  | "mkdir"
  | "delay"
  | "maxBytes"
  | "backupCount"
  | "maxAgeMillis"
  | "maxTotalBytes"
  | "compress"
  | "namer"
  | "rotator"
  | "thread"
>;

/** What rotates by the clock. */
export type RotationClock = Pick<RotatingOptions, "schedule" | "rotateWhenIdle">;

/**
 * What a rotating sink needs, out of resolved options. Opens the file once, unless it is to be opened late.
 *
 * @throws {ConfigError} Options do not go together, a hook cannot be loaded, or the file cannot be written.
 */
export function rotatingOptionsOf(options: Resolved, subject: string, clock: RotationClock): RotatingOptions {
  const hooks = hooksOf(options, subject);
  if (!options.delay) openOnce(subject, { ...options, truncate: false });
  const { path, fileMode, mkdir, maxBytes, backupCount, maxAgeMillis, maxTotalBytes, compress } = options;
  return {
    path,
    fileMode,
    mkdir,
    // Another process may put the file away.
    reopenWhenMoved: true,
    maxBytes,
    backupCount,
    maxAgeMillis,
    maxTotalBytes,
    compress,
    isInline: options.thread === "inline",
    ...hooks,
    ...clock,
    dueMemory: new SharedArrayBuffer(Float64Array.BYTES_PER_ELEMENT),
  };
}

function hooksOf(options: Resolved, subject: string): Pick<RotatingOptions, "namer" | "rotator"> {
  const namer = hookOf(options.namer);
  const rotator = hookOf(options.rotator);
  const { thread } = options;
  const problems = [
    problemOf("namer", { hook: namer, thread }),
    problemOf("rotator", { hook: rotator, thread }),
  ].filter((problem) => problem !== undefined);
  if (problems.length > 0) throw new ConfigError(`Cannot start ${subject}`, problems);
  return { namer, rotator };
}

/** A module by its URL; a function as it is. */
function hookOf<F>(given: F | HookModuleReference | undefined): F | HookModule | undefined {
  if (typeof given !== "object" || given === null || !("module" in given)) return given;
  return { module: urlOf(given.module) };
}

function urlOf(module: string | URL): string {
  if (module instanceof URL) return module.href;
  return module.startsWith("file:") ? module : pathToFileURL(module).href;
}

/** Loads the module here too, so that a wrong one is known where the handler is made. */
function problemOf(
  name: "namer" | "rotator",
  {
    hook,
    thread,
  }: { readonly hook: ((...args: never[]) => unknown) | HookModule | undefined; readonly thread: string },
): ConfigProblem | undefined {
  if (typeof hook === "function" && thread === "own") {
    return {
      path: name,
      value: hook,
      expected: 'must be { module }, or "thread" must be "inline": a function cannot go to another thread',
      hint: hintFor(name, "put the function into a module"),
    };
  }
  try {
    loadHook(hook, name);
    return undefined;
  } catch (error) {
    const expected = `must name a module that can be loaded and exports "${name}" or a default function (${(error as Error).message})`;
    return { path: name, value: hook, expected, hint: hintFor(name, "correct the module") };
  }
}

/** Problems of options that do not go together: a file that is put away must also be got rid of one day. */
export function retentionProblem({
  maxBytes,
  backupCount,
  maxAgeMillis,
  maxTotalBytes,
}: Pick<Resolved, "maxBytes" | "backupCount" | "maxAgeMillis" | "maxTotalBytes">): ConfigProblem | undefined {
  if (maxTotalBytes > 0 && maxTotalBytes <= maxBytes) {
    return {
      path: "maxTotalBytes",
      value: maxTotalBytes,
      expected: `must be more than "maxBytes", which is ${maxBytes}: it is for all files together`,
      hint: hintFor("maxTotalBytes", 'try several times "maxBytes"'),
    };
  }
  if (maxBytes === 0 || backupCount > 0 || maxAgeMillis > 0 || maxTotalBytes > 0) return undefined;
  return {
    path: "backupCount",
    value: backupCount,
    expected:
      'must be at least 1 with "maxBytes", unless "maxAgeMillis" or "maxTotalBytes" says how long files are kept',
    hint: hintFor("backupCount", "try 5"),
  };
}
