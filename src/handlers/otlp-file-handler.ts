import { FemtoHandler, type FlushOptions } from "../../processors/batch/handler.ts";
import type { BlockingOutlet, Outlet, ProcessorSettings } from "../../processors/batch/settings.ts";
import { source } from "../../processors/worker/source-blocking.generated.ts";
import { ConfigError, type ConfigProblem } from "../errors.ts";
import { createBuilder, type Builder } from "../options/builder.ts";
import type { OptionsOf, ResolvedOf } from "../options/infer.ts";
import {
  CLOCK_ONLY_OPTIONS,
  OTLP_FILE_HANDLER_OPTIONS,
  OTLP_FILE_ONLY_OPTIONS,
} from "../options/otlp-file-options.ts";
import { hintFor } from "../options/read-value.ts";
import { resolveOptions } from "../options/validate.ts";
import { endTornLine } from "./end-torn-line.ts";
import { neverBlock } from "./never-block.ts";
import { openOnce } from "./opened-once.ts";
import { forgetSighup, reopenOnSighup } from "./reopen-on-sighup.ts";
import { retentionProblem } from "./rotating-choice.ts";
import { rotatingOutlet } from "./rotating-outlet.ts";
import { scheduleOf, timeProblem } from "./rotation-schedule.ts";
import { settingsOf, subjectOf } from "./settings.ts";

const REOPEN_TIMEOUT_MILLIS = 10_000;
const STDOUT = 1;

/** Options of `FemtoOtlpFileHandler`; CONFIG.md describes each. */
export type OtlpFileHandlerOptions = OptionsOf<typeof OTLP_FILE_HANDLER_OPTIONS>;

type Resolved = ResolvedOf<typeof OTLP_FILE_HANDLER_OPTIONS>;
type ResolvedFile = Resolved & { readonly path: string };

/**
 * Writes records as lines of OTLP JSON, from a thread of its own: to standard output, to a file, or to a file that is put
 * away by its size and by the clock. Each line is a whole `LogsData` with the records of a batch, up to `lineBytesMax`: what
 * the Collector's OTLP JSON file receiver reads, and `replayOtlpFile()` of femtologging/exporters sends on.
 *
 * A process that is killed in the middle of a write leaves one torn line, the last; the next handler on the file ends it.
 *
 * @see OpenTelemetry Protocol File Exporter (Development)
 */
export class FemtoOtlpFileHandler extends FemtoHandler {
  /** Absolute path of the file; undefined for standard output. */
  readonly path: string | undefined;

  /** @throws {ConfigError} An option is wrong, or the file cannot be opened. Names all faults. */
  constructor(options: OtlpFileHandlerOptions = {}) {
    const subject = subjectOf(options, "otlp-file");
    const resolved = resolveOptions(OTLP_FILE_HANDLER_OPTIONS, options, { subject });
    const problems = problemsOf(options, resolved);
    if (problems.length > 0) throw new ConfigError(`Cannot start ${subject}`, problems);
    const settings = settingsOf(resolved, "otlp-file");
    super(settings, outletOf(resolved, { subject, settings }));
    this.path = resolved.path;
    if (resolved.reopenOnSighup) reopenOnSighup(this);
  }

  /**
   * Closes the file and opens its path again, after what was logged before: for those who rename log files.
   * @throws {FlushTimeoutError} The file could not be opened within 10 s; the handler goes on trying.
   */
  reopen(): Promise<void> {
    return this.reopenDestination(REOPEN_TIMEOUT_MILLIS);
  }

  override shutdown(options: FlushOptions = {}): Promise<void> {
    forgetSighup(this);
    return super.shutdown(options);
  }

  /** A fluent builder: a method for each option, then `build()` or `tryBuild()`. */
  static builder(): Builder<typeof OTLP_FILE_HANDLER_OPTIONS, FemtoOtlpFileHandler> {
    return createBuilder(OTLP_FILE_HANDLER_OPTIONS, (options) => new FemtoOtlpFileHandler(options));
  }
}

function outletOf(
  resolved: Resolved,
  parts: { readonly subject: string; readonly settings: ProcessorSettings },
): Outlet {
  const { path, lineBytesMax, includeTemplate, fsync } = resolved;
  const formatter = { kind: "otlp-lines", lineBytesMax, includeTemplate } as const;
  if (path === undefined) {
    neverBlock(STDOUT);
    const exporter = { kind: "stream", descriptor: STDOUT } as const;
    return { source, descriptor: descriptorOf(exporter, { formatter, fsync }) };
  }
  const file: ResolvedFile = { ...resolved, path };
  const outlet = isRotating(file)
    ? rotatingFileOutlet(file, { ...parts, formatter })
    : plainFileOutlet(file, { ...parts, formatter });
  endTornLine(path);
  return outlet;
}

type Descriptor = BlockingOutlet["descriptor"];
type Formatter = Descriptor["formatter"];

function descriptorOf(
  exporter: Descriptor["exporter"],
  parts: Pick<Descriptor, "formatter" | "fsync">,
): Descriptor {
  return { kind: "blocking", exporter, terminator: "\n", encoding: "utf8", ...parts };
}

function plainFileOutlet(
  file: ResolvedFile,
  { subject, formatter }: { readonly subject: string; readonly formatter: Formatter },
): Outlet {
  const { path, fileMode, mkdir, reopenWhenMoved, fsync, delay } = file;
  const truncate = file.mode === "truncate";
  if (!delay) openOnce(subject, { ...file, truncate });
  const exporter = {
    kind: "file",
    path,
    truncate: delay && truncate,
    fileMode,
    mkdir,
    reopenWhenMoved,
  } as const;
  return { source, descriptor: descriptorOf(exporter, { formatter, fsync }) };
}

function rotatingFileOutlet(
  file: ResolvedFile,
  {
    subject,
    settings,
    formatter,
  }: { readonly subject: string; readonly settings: ProcessorSettings; readonly formatter: Formatter },
): Outlet {
  const { when, interval, utc, atTime, rotateWhenIdle } = file;
  const schedule = when === undefined ? undefined : scheduleOf({ when, interval, utc, atTime });
  const { thread } = settings;
  return rotatingOutlet({ ...file, thread, terminator: "\n", encoding: "utf8" }, subject, {
    formatter,
    schedule,
    rotateWhenIdle,
  });
}

/** Whether any option speaks of files that are put away. */
function isRotating(file: Resolved): boolean {
  const limits = [file.maxBytes, file.backupCount, file.maxAgeMillis, file.maxTotalBytes];
  const hooks = [file.when, file.namer, file.rotator];
  return (
    limits.some((limit) => limit > 0) || hooks.some((hook) => hook !== undefined) || file.compress !== "none"
  );
}

/** Options that do not go together. */
function problemsOf(given: OtlpFileHandlerOptions, resolved: Resolved): ConfigProblem[] {
  const { path, when, atTime, mode } = resolved;
  if (path === undefined) return misplaced(given, OTLP_FILE_ONLY_OPTIONS, "path");
  const truncates = mode === "truncate" && isRotating(resolved);
  const problems = [
    ...(when === undefined ? misplaced(given, CLOCK_ONLY_OPTIONS, "when") : []),
    when === undefined ? undefined : timeProblem({ when, atTime }),
    retentionProblem(resolved),
    truncates ? { path: "mode", value: mode, expected: TRUNCATE_EXPECTED, hint: hintFor("mode") } : undefined,
  ];
  return problems.filter((problem) => problem !== undefined);
}

const TRUNCATE_EXPECTED = 'must be "append" for a file that is put away';

function misplaced(
  given: OtlpFileHandlerOptions,
  names: readonly string[],
  needed: "path" | "when",
): ConfigProblem[] {
  const values = given as Readonly<Record<string, unknown>>;
  return names
    .filter((name) => values[name] !== undefined)
    .map((name) => ({
      path: name,
      value: values[name],
      expected: `must be left out without "${needed}"`,
      hint: hintFor(name, `give "${needed}" as well`),
    }));
}
