// Severities and facilities of syslog. @see RFC 5424, 6.2.1 PRI

/** Facilities by name and number; `security`, `console` and `solaris-cron` are Python's names for three of them. */
const FACILITIES: Readonly<Record<string, number>> = Object.freeze({
  kern: 0,
  user: 1,
  mail: 2,
  daemon: 3,
  auth: 4,
  syslog: 5,
  lpr: 6,
  news: 7,
  uucp: 8,
  cron: 9,
  authpriv: 10,
  ftp: 11,
  ntp: 12,
  audit: 13,
  alert: 14,
  clock: 15,
  local0: 16,
  local1: 17,
  local2: 18,
  local3: 19,
  local4: 20,
  local5: 21,
  local6: 22,
  local7: 23,
  security: 13,
  console: 14,
  "solaris-cron": 15,
});

const FACILITY_MAX = 23;

/** @returns The number of a facility given by name or number; `undefined` for everything else. Pure. */
export function facilityNumber(value: unknown): number | undefined {
  if (typeof value === "string") return Object.hasOwn(FACILITIES, value) ? FACILITIES[value] : undefined;
  const isNumber = Number.isInteger(value) && (value as number) >= 0 && (value as number) <= FACILITY_MAX;
  return isNumber ? (value as number) : undefined;
}

/** For a record without a severity: notice, as `logger(1)` has it. */
const UNSPECIFIED = 5;

/**
 * The severity of syslog by severity number, from 1 on. The six levels are those of Python's SysLogHandler; the numbers between
 * them keep what the data model says of syslog's (INFO2 is notice), as far as the order allows. CRITICAL is crit and not
 * emerg: many daemons write an emergency to every terminal.
 *
 *     1-4 TRACE, 5-8 DEBUG    7 debug          13-16 WARN     4 warning       21 CRITICAL   2 crit
 *     9 INFO                  6 informational  17-20 ERROR    3 error         22            1 alert
 *     10-12                   5 notice                                        23, 24        0 emergency
 *
 * @see Logs data model v1.60.0, Appendix B: SeverityNumber example mappings
 */
const SEVERITIES: readonly number[] = Array.from("777777776555444433332100", Number);

/** The severity of syslog, 0 (emergency) to 7 (debug), for a severity number. Pure. */
export function syslogSeverity(severityNumber: number): number {
  return SEVERITIES[severityNumber - 1] ?? UNSPECIFIED;
}
