/** Severity numbers of OpenTelemetry as the levels of others. Numbers that nobody has (below 1, above 24) are taken too. */
import { severityName } from "../record/severity.ts";

/** The levels of others for one band of severity numbers. */
interface Band {
  readonly first: number;
  readonly python: number;
  readonly pino: number;
  readonly syslog: number;
  readonly google: string;
  readonly datadog: string;
}

/** In ascending order; a severity belongs to the last band that begins at or below it. */
const BANDS: readonly Band[] = [
  { first: -Infinity, python: 0, pino: 30, syslog: 6, google: "DEFAULT", datadog: "info" },
  { first: 1, python: 5, pino: 10, syslog: 7, google: "DEBUG", datadog: "debug" },
  { first: 5, python: 10, pino: 20, syslog: 7, google: "DEBUG", datadog: "debug" },
  { first: 9, python: 20, pino: 30, syslog: 6, google: "INFO", datadog: "info" },
  { first: 10, python: 20, pino: 30, syslog: 5, google: "NOTICE", datadog: "notice" },
  { first: 13, python: 30, pino: 40, syslog: 4, google: "WARNING", datadog: "warn" },
  { first: 17, python: 40, pino: 50, syslog: 3, google: "ERROR", datadog: "error" },
  { first: 21, python: 50, pino: 60, syslog: 2, google: "CRITICAL", datadog: "critical" },
];

function bandOf(severity: number): Band {
  return BANDS.findLast(({ first }) => severity >= first) ?? (BANDS[0] as Band);
}

/** Python's number: 10 DEBUG to 50 CRITICAL, 5 for TRACE, 0 without severity. */
export function pythonLevel(severity: number): number {
  return bandOf(severity).python;
}

/** The number of pino and bunyan: 10 trace to 60 fatal. */
export function pinoLevel(severity: number): number {
  return bandOf(severity).pino;
}

/** RFC 5424 section 6.2.1: 7 debug, 6 informational, 5 notice, 4 warning, 3 error, 2 critical. */
export function syslogLevel(severity: number): number {
  return bandOf(severity).syslog;
}

/** A LogSeverity of Google Cloud. */
export function googleSeverity(severity: number): string {
  return bandOf(severity).google;
}

/** A status of Datadog. */
export function datadogStatus(severity: number): string {
  return bandOf(severity).datadog;
}

/** The level as a record has it: its own word, or the name of its number. */
export function levelText(shape: { readonly severityText: string; readonly severityNumber: number }): string {
  return shape.severityText || severityName(shape.severityNumber);
}

/** The same in Python's words: WARN is WARNING, FATAL is CRITICAL; other words stay. */
export function pythonLevelName(shape: {
  readonly severityText: string;
  readonly severityNumber: number;
}): string {
  const text = levelText(shape);
  if (text === "WARN") return "WARNING";
  return text === "FATAL" ? "CRITICAL" : text;
}
