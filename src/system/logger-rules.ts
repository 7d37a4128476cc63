import { TraceFlags } from "@opentelemetry/api";
import type { FemtoLogger } from "../logger/logger.ts";
import type { FemtoLogRecord } from "../record/log-record.ts";
import type { LevelThreshold } from "../record/severity.ts";

/** What holds for loggers of the OpenTelemetry API whose name a pattern covers. Data: it goes to other threads. */
export interface LoggerRule {
  /** Names, case-sensitive; `*` stands for any text, `?` for one character. */
  readonly pattern: string;
  readonly isEnabled: boolean;
  /** Severity number; records below it are not made. 0 for all. */
  readonly minimumSeverity: number;
  /** Whether records of a span that is not sampled are left out. */
  readonly isTraceBased: boolean;
}

/**
 * Gives a logger what the first rule for its name says; without one it stays as it is. Its level is its own then,
 * whatever loggers above it have: patterns speak of names, not of families.
 *
 * @see Logs SDK, LoggerConfigurator (Development): enabled, minimum_severity, trace_based
 */
export function applyRules(logger: FemtoLogger, rules: readonly LoggerRule[]): void {
  const rule = rules.find(({ pattern }) => globPattern(pattern).test(logger.name));
  if (rule === undefined) return;
  const level = rule.isEnabled ? Math.max(1, rule.minimumSeverity) : "OFF";
  logger.setLevel(level as LevelThreshold);
  if (rule.isTraceBased) logger.addFilter(isWanted);
}

/** False only for what was logged inside of a span that nobody will see. */
function isWanted({ spanContext }: FemtoLogRecord): boolean {
  return spanContext === undefined || (spanContext.traceFlags & TraceFlags.SAMPLED) !== 0;
}

/** A name pattern of the declarative configuration: `*` stands for any text, `?` for one character, case counts. */
export function globPattern(pattern: string): RegExp {
  const source = pattern
    .replaceAll(/[\\^$.|+()[\]{}]/g, "\\$&")
    .replaceAll("*", "[^]*")
    .replaceAll("?", "[^]");
  return new RegExp(`^${source}$`);
}
