import { facilityNumber } from "../record/syslog-priority.ts";
import type { Patched } from "./infer.ts";
import { NETWORK_PROCESSOR_OPTIONS, type PROCESSOR_OPTIONS } from "./processor-options.ts";
import { TLS_OPTIONS } from "./tls-options.ts";
import { SYSLOG_FORMATTER_OPTION } from "./wire-formatter-options.ts";

function isDataId(value: unknown): value is string | false {
  return value === false || (typeof value === "string" && /^[!#-<>-\\^-~]{1,32}$/.test(value));
}

/** What `FemtoSysLogHandler` takes beside the options of all handlers. */
export const SYSLOG_OPTIONS = {
  transport: {
    type: "enum",
    values: ["udp", "tcp", "tls", "unix"],
    computedDefault: '`"unix"` with `socketPath`, `"tls"` with `tls`, else `"udp"`',
    alsoKnownAs: ["socktype", "type"],
    description:
      "How messages travel. UDP loses them without a word; over the others they arrive in order, and only what is on its way when a connection breaks may be lost or come twice. `unix` is a stream socket: the datagram sockets that `/dev/log` mostly is are out of Node's reach.",
  },
  host: {
    type: "string",
    notEmpty: true,
    default: "localhost",
    alsoKnownAs: ["address", "hostAddress"],
    description: "Name or address of the syslog server.",
  },
  port: {
    type: "integer",
    computedDefault: "514; 6514 with `transport` `tls`",
    minimum: 1,
    maximum: 65_535,
    description: "Port of the syslog server.",
  },
  socketPath: {
    type: "path",
    computedDefault: "none",
    excludes: ["host", "port"],
    description: "Path of a Unix stream socket.",
  },
  tls: {
    type: "group",
    // A getter because `isolatedDeclarations` wants the type of a reference written down.
    get table(): typeof TLS_OPTIONS {
      return TLS_OPTIONS;
    },
    default: false,
    description: "TLS: `true` with Node's defaults, or an object of TLS settings.",
  },
  format: {
    type: "enum",
    values: ["rfc5424", "rfc3164"],
    default: "rfc5424",
    description:
      "The form of messages: `rfc5424` with time in UTC to the microsecond and structured data, or the older `rfc3164` with local time and attributes behind the message. Line breaks and control characters are escaped in both, also those of stacks.",
  },
  get formatter(): typeof SYSLOG_FORMATTER_OPTION {
    return SYSLOG_FORMATTER_OPTION;
  },
  facility: {
    type: "custom",
    expected:
      "a number from 0 to 23, or kern, user, mail, daemon, auth, syslog, lpr, news, uucp, cron, authpriv, ftp, ntp, audit, alert, clock or local0 to local7",
    accepts: (value: unknown): value is string | number => facilityNumber(value) !== undefined,
    default: "user",
    description:
      "What kind of program it is: `kern`, `user`, `mail`, `daemon`, `auth`, …, `local0` to `local7`, or the number.",
  },
  hostname: {
    type: "string",
    notEmpty: true,
    computedDefault: "the name of the machine; none with `rfc3164` and `unix`",
    description: "The host that messages name. At most 255 characters of printable ASCII; others become `_`.",
  },
  appName: {
    type: "string",
    notEmpty: true,
    computedDefault: "`service.name` of the resource, else `node`",
    alsoKnownAs: ["ident", "tag", "app_name", "program"],
    description:
      "The program that messages name, the tag of `rfc3164`. At most 48 characters of printable ASCII, 32 with `rfc3164`; others become `_`.",
  },
  structuredDataId: {
    type: "custom",
    expected:
      'false, or 1 to 32 characters of printable ASCII without =, ], " and spaces, such as "shop@32473"',
    accepts: (value: unknown): value is string | false => isDataId(value),
    default: "femtologging@32473",
    alsoKnownAs: ["sdId", "structuredData"],
    description:
      "Name of the element of structured data that holds attributes and trace ids with `rfc5424`: a name of yours, `@` and your private enterprise number (32473 is that of documentation). `false`: they follow the message as text.",
  },
  bom: {
    type: "boolean",
    default: false,
    description:
      "Whether a byte order mark says that a message of `rfc5424` is UTF-8. Many servers show it as a character.",
  },
  framing: {
    type: "enum",
    values: ["octet-counting", "newline", "nul"],
    computedDefault: '`"octet-counting"`; `"newline"` with `transport` `unix`',
    description:
      "What tells messages of a stream apart: their length in front of them, a line feed, or a zero byte behind them. Not with `udp`.",
  },
  maxMessageBytes: {
    type: "integer",
    unit: "bytes",
    computedDefault: "2048 with `transport` `udp`, else 8192",
    minimum: 480,
    maximum: 1_048_576,
    alsoKnownAs: ["maxLength"],
    description:
      "A message that is longer is cut and ends with `…`, which is told; attributes that structured data has no room for are left out, and `omitted` says how many. At most 65507 with `udp`.",
  },
  timeoutMillis: {
    type: "integer",
    unit: "ms",
    default: 10_000,
    minimum: 0,
    maximum: 2_147_483_647,
    alsoKnownAs: ["timeout"],
    description: "How long one attempt may take to connect and to hand a batch to the system. 0: no limit.",
  },
  retryTimeoutMillis: {
    type: "integer",
    unit: "ms",
    default: 300_000,
    minimum: 0,
    maximum: 2_147_483_647,
    description:
      "How long a batch is tried again, with growing pauses, when the server is away. Then its records are counted as `export_failed`. 0: no limit.",
  },
} as const;

/** Everything that `FemtoSysLogHandler` takes. */
export const SYSLOG_HANDLER_OPTIONS: Patched<typeof PROCESSOR_OPTIONS> & typeof SYSLOG_OPTIONS = {
  ...NETWORK_PROCESSOR_OPTIONS,
  ...SYSLOG_OPTIONS,
};
