import { hostname } from "node:os";
import { tlsSettingsOf } from "../../exporters/tls-options.ts";
import type { TlsSettings } from "../../exporters/tls-settings.ts";
import type { SyslogDescriptor } from "../../processors/worker/protocol.ts";
import { ConfigError, type ConfigProblem } from "../errors.ts";
import type { ResolvedOf } from "../options/infer.ts";
import { hintFor } from "../options/read-value.ts";
import type { SYSLOG_OPTIONS } from "../options/syslog-options.ts";
import { facilityNumber } from "../record/syslog-priority.ts";
import { chooseFormatter } from "./formatter-choice.ts";
import { unixSocketKind } from "./unix-socket-kind.ts";

type Resolved = ResolvedOf<typeof SYSLOG_OPTIONS>;
type Transport = NonNullable<Resolved["transport"]>;

const PORT = 514;
const TLS_PORT = 6514;
const USER_FACILITY = 1;
const MESSAGE_BYTES = 8192;
const DATAGRAM_BYTES = 2048;
/** What a datagram of IPv4 can hold. */
const DATAGRAM_BYTES_MAX = 65_507;

/**
 * Where and how messages go, out of resolved options.
 * @throws {ConfigError} Options do not go together, a file of `tls` cannot be read, or the socket takes datagrams.
 */
export function syslogDescriptorOf(resolved: Resolved, subject: string): SyslogDescriptor {
  const transport = transportOf(resolved);
  const problems = problemsOf(resolved, transport);
  if (problems.length > 0) throw new ConfigError(`Cannot start ${subject}`, problems);
  return {
    kind: "syslog",
    address: addressOf(resolved, transport, tlsSettingsOf(resolved.tls, subject)),
    format: resolved.format,
    formatter: resolved.formatter === undefined ? undefined : chooseFormatter(resolved.formatter, subject),
    facility: facilityNumber(resolved.facility) ?? USER_FACILITY,
    hostname: resolved.hostname ?? defaultHostname(resolved, transport),
    appName: resolved.appName,
    structuredDataId: resolved.structuredDataId,
    bom: resolved.bom,
    framing: resolved.framing ?? (transport === "unix" ? "newline" : "octet-counting"),
    maxMessageBytes: resolved.maxMessageBytes ?? (transport === "udp" ? DATAGRAM_BYTES : MESSAGE_BYTES),
    timeoutMillis: resolved.timeoutMillis,
    retryTimeoutMillis: resolved.retryTimeoutMillis,
  };
}

function transportOf({ transport, socketPath, tls }: Resolved): Transport {
  return transport ?? (socketPath !== undefined ? "unix" : tls === false ? "udp" : "tls");
}

/** A daemon on the same machine knows its name, and the older form has none there. */
function defaultHostname({ format }: Resolved, transport: Transport): string | undefined {
  return format === "rfc3164" && transport === "unix" ? undefined : hostname();
}

function addressOf(resolved: Resolved, transport: Transport, tls: TlsSettings): SyslogDescriptor["address"] {
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
