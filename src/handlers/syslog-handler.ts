import { hostname } from "node:os";
import type { TlsSettings } from "../../exporters/tls-settings.ts";
import { FemtoHandler } from "../../processors/batch/handler.ts";
import { source } from "../../processors/worker/source-network.generated.ts";
import { ConfigError, type ConfigProblem } from "../errors.ts";
import { createBuilder, type Builder } from "../options/builder.ts";
import type { OptionsOf, ResolvedOf } from "../options/infer.ts";
import { hintFor } from "../options/read-value.ts";
import { SYSLOG_HANDLER_OPTIONS } from "../options/syslog-options.ts";
import { resolveOptions } from "../options/validate.ts";
import { facilityNumber } from "../record/syslog-priority.ts";
import { chooseFormatter, withFormatter } from "./formatter-choice.ts";
import { settingsOf, subjectOf } from "./settings.ts";
import { tlsSettingsOf } from "../../exporters/tls-options.ts";
import { unixSocketKind } from "./unix-socket-kind.ts";

type Resolved = ResolvedOf<typeof SYSLOG_HANDLER_OPTIONS>;
type Transport = NonNullable<Resolved["transport"]>;

/** Options of `FemtoSysLogHandler`; CONFIG.md describes each. */
export type SysLogHandlerOptions = OptionsOf<typeof SYSLOG_HANDLER_OPTIONS>;

const PORT = 514;
const TLS_PORT = 6514;
const USER_FACILITY = 1;
const MESSAGE_BYTES = 8192;
const DATAGRAM_BYTES = 2048;
/** What a datagram of IPv4 can hold. */
const DATAGRAM_BYTES_MAX = 65_507;

/**
 * Sends records to a syslog daemon or server, from a thread of its own: RFC 5424 with structured data or RFC 3164, by UDP, TCP, TLS or
 * a Unix stream socket. No protocol of syslog has answers: delivered is what the system has taken.
 *
 * @see RFC 5424; RFC 3164
 */
export class FemtoSysLogHandler extends FemtoHandler {
  /** @throws {ConfigError} An option is wrong, or the socket takes datagrams. Names all faults. */
  constructor(options: SysLogHandlerOptions = {}) {
    const subject = subjectOf(options, "syslog");
    const resolved = resolveOptions(SYSLOG_HANDLER_OPTIONS, options, { subject });
    const transport = transportOf(resolved);
    const problems = problemsOf(resolved, transport);
    if (problems.length > 0) throw new ConfigError(`Cannot start ${subject}`, problems);
    const formatter =
      resolved.formatter === undefined ? undefined : chooseFormatter(resolved.formatter, subject);
    const settings = settingsOf(resolved, "syslog");
    super(formatter === undefined ? settings : withFormatter(settings, formatter), {
      source,
      descriptor: {
        kind: "network",
        exporter: {
          kind: "syslog",
          address: addressOf(resolved, transport, tlsSettingsOf(resolved.tls, subject)),
          format: resolved.format,
          formatter,
          facility: facilityNumber(resolved.facility) ?? USER_FACILITY,
          hostname: resolved.hostname ?? defaultHostname(resolved, transport),
          appName: resolved.appName,
          structuredDataId: resolved.structuredDataId,
          bom: resolved.bom,
          framing: resolved.framing ?? (transport === "unix" ? "newline" : "octet-counting"),
          maxMessageBytes: resolved.maxMessageBytes ?? (transport === "udp" ? DATAGRAM_BYTES : MESSAGE_BYTES),
          timeoutMillis: resolved.timeoutMillis,
          retryTimeoutMillis: resolved.retryTimeoutMillis,
        },
      },
    });
  }

  /** A fluent builder: a method for each option, then `build()` or `tryBuild()`. */
  static builder(): Builder<typeof SYSLOG_HANDLER_OPTIONS, FemtoSysLogHandler> {
    return createBuilder(SYSLOG_HANDLER_OPTIONS, (options) => new FemtoSysLogHandler(options));
  }
}

function transportOf({ transport, socketPath, tls }: Resolved): Transport {
  return transport ?? (socketPath !== undefined ? "unix" : tls === false ? "udp" : "tls");
}

/** A daemon on the same machine knows its name, and the older form has none there. */
function defaultHostname({ format }: Resolved, transport: Transport): string | undefined {
  return format === "rfc3164" && transport === "unix" ? undefined : hostname();
}

type Address =
  | { readonly transport: "udp" | "tcp"; readonly host: string; readonly port: number }
  | { readonly transport: "tls"; readonly host: string; readonly port: number; readonly tls: TlsSettings }
  | { readonly transport: "unix"; readonly socketPath: string };

function addressOf(resolved: Resolved, transport: Transport, tls: TlsSettings): Address {
  const { host, port, socketPath = "" } = resolved;
  switch (transport) {
    case "unix":
      return { transport, socketPath };
    case "tls":
      return { transport, host, port: port ?? TLS_PORT, tls };
    case "udp":
    case "tcp":
      return { transport, host, port: port ?? PORT };
  }
}

/** What no option can say alone. */
function problemsOf(resolved: Resolved, transport: Transport): ConfigProblem[] {
  const { socketPath, tls, framing, maxMessageBytes } = resolved;
  const problems: ConfigProblem[] = [];
  const add = (path: string, value: unknown, expected: string): void => {
    problems.push({ path, value, expected, hint: hintFor(path) });
  };
  if (transport === "unix" && socketPath === undefined) {
    add("socketPath", undefined, 'must be given with "transport" "unix"');
  }
  if (transport !== "unix" && socketPath !== undefined) {
    add("socketPath", socketPath, `must not be given with "transport" "${transport}"`);
  }
  if (transport !== "tls" && tls !== false) {
    add("tls", tls, `must be false with "transport" "${transport}"`);
  }
  if (transport === "udp" && framing !== undefined) {
    add("framing", framing, 'must not be given with "transport" "udp": a datagram is a message');
  }
  if (transport === "udp" && (maxMessageBytes ?? 0) > DATAGRAM_BYTES_MAX) {
    add("maxMessageBytes", maxMessageBytes, `must be at most ${DATAGRAM_BYTES_MAX} with "transport" "udp"`);
  }
  if (transport === "unix" && socketPath !== undefined && unixSocketKind(socketPath) === "datagram") {
    add(
      "socketPath",
      socketPath,
      'must be a stream socket: this one takes datagrams, which Node cannot send; send to the daemon with "transport" "udp" or "tcp"',
    );
  }
  return problems;
}
