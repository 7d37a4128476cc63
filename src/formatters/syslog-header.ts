import type { Shape } from "../../processors/shape/shape.ts";
import { syslogSeverity } from "../record/syslog-priority.ts";

/** Who sends, as every message says it. */
export interface SyslogSource {
  /** Number of the facility, 0 to 23. */
  readonly facility: number;
  /** Undefined for messages that name no host. */
  readonly hostname: string | undefined;
  /** Undefined: the `service.name` of the resource. */
  readonly appName: string | undefined;
}

/** What is said where there is no name of a service. */
const FALLBACK_NAME = "node";
const UNKNOWN_SERVICE = "unknown_service";
const FACILITY_FACTOR = 8;

/** `<14>`. @see RFC 5424, 6.2.1 PRI */
export function priorityOf(shape: Shape, facility: number): string {
  return `<${facility * FACILITY_FACTOR + syslogSeverity(shape.severityNumber)}>`;
}

/** The name of the program: the given one, else that of the service. */
export function programOf(shape: Shape, { appName }: SyslogSource): string {
  if (appName !== undefined) return appName;
  const service = shape.scope.resource.attributes["service.name"];
  const isKnown = typeof service === "string" && service !== "" && !service.startsWith(UNKNOWN_SERVICE);
  return isKnown ? service : FALLBACK_NAME;
}

/** A field of the header: what is not printable ASCII becomes `_`, and `-` stands for nothing. @see RFC 5424, 6 */
export function headerField(text: string | undefined, charsMax: number): string {
  const field = (text ?? "").replaceAll(/[^!-~]/g, "_").slice(0, charsMax);
  return field === "" ? "-" : field;
}
