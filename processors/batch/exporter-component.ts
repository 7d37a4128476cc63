import type { ExporterComponent } from "../../src/metrics/metered.ts";
import type { Outlet } from "./settings.ts";

/** What descriptors of exporters may say of where they send. */
interface Described {
  readonly kind: string;
  readonly protocol?: string;
  readonly url?: string;
  readonly host?: string;
  readonly port?: number;
  readonly socketPath?: string | undefined;
  readonly address?: Omit<Described, "kind">;
}

/** The exporters that the semantic conventions have a name for. @see Semantic conventions, otel.component.type */
const TYPES: Readonly<Record<string, string>> = {
  "otlp-http": "otlp_http_log_exporter",
  "otlp-grpc": "otlp_grpc_log_exporter",
};
const JSON_TYPE = "otlp_http_json_log_exporter";

/** The exporter of a handler, as the semantic conventions name it, and its peer. */
export function exporterComponent({ descriptor }: Outlet): ExporterComponent {
  if (descriptor.kind === "none") return componentOf({ kind: "null" });
  if (descriptor.kind !== "local") return componentOf(descriptor.exporter);
  return { type: descriptor.componentType ?? ownType("stream"), address: undefined, port: undefined };
}

function componentOf(described: Described): ExporterComponent {
  const { kind, protocol } = described;
  const type = kind === "otlp-http" && protocol === "http/json" ? JSON_TYPE : (TYPES[kind] ?? ownType(kind));
  return { type, ...peerOf(described.address ?? described) };
}

function ownType(kind: string): string {
  return `femtologging.${kind.replaceAll("-", "_")}_log_exporter`;
}

function peerOf({ url, host, port, socketPath }: Omit<Described, "kind">): Omit<ExporterComponent, "type"> {
  if (socketPath !== undefined) return { address: socketPath, port: undefined };
  if (url === undefined || !URL.canParse(url)) return { address: host, port };
  const { hostname, port: urlPort, protocol } = new URL(url);
  const defaultPort = protocol === "https:" ? 443 : 80;
  return {
    // Of an IPv6 address without its brackets.
    address: hostname.replace(/^\[(.*)\]$/, "$1"),
    port: urlPort === "" ? defaultPort : Number(urlPort),
  };
}
