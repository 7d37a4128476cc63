import { isMetadata, metadataRule } from "../../exporters/otlp-grpc/options.ts";
import type { OtlpGrpcDescriptor } from "../../processors/worker/protocol.ts";
import { ConfigError } from "../errors.ts";
import type { ResolvedOf } from "../options/infer.ts";
import type { OTLP_GRPC_CLIENT_OPTIONS } from "../options/otlp-grpc-options.ts";
import { hintFor } from "../options/read-value.ts";
import { chooseGrpcProxy } from "./grpc-proxy.ts";
import { headersModuleOf } from "./headers-module.ts";
import { deliveryTimesOf } from "./otlp-times.ts";
import { otlpTlsOf } from "./otlp-tls.ts";

/** Whose options they are, and which headers are the caller's own doing. */
interface GrpcSubject {
  readonly subject: string;
  readonly givenHeaders: Readonly<Record<string, string>> | undefined;
}

/**
 * Where and how OTLP goes by gRPC, out of resolved options; not through files.
 * @throws {ConfigError} A file of `tls` cannot be read, the proxy is none, or a header cannot be metadata.
 */
export function otlpGrpcDescriptorOf(
  resolved: ResolvedOf<typeof OTLP_GRPC_CLIENT_OPTIONS>,
  { subject, givenHeaders }: GrpcSubject,
): OtlpGrpcDescriptor {
  checkHeaders(givenHeaders ?? {}, subject);
  const { url, insecure } = resolved;
  const isSecure = hasScheme(url) ? url.startsWith("https:") : !insecure;
  return {
    kind: "otlp-grpc",
    url,
    insecure,
    headers: resolved.headers,
    tls: otlpTlsOf(resolved.tls, { url: isSecure ? "https:" : url, subject }),
    proxy: chooseGrpcProxy(resolved.proxy, { url, isSecure, subject }),
    headersModule: headersModuleOf(resolved.headersModule),
    compression: resolved.compression,
    ...deliveryTimesOf(resolved),
    maxRequestBytes: resolved.maxRequestBytes,
    maxConcurrentRequests: resolved.maxConcurrentRequests,
    persistentQueue: undefined,
  };
}

function hasScheme(url: string): boolean {
  return /^(?:https?|unix):/i.test(url);
}

/** Those of variables are not the caller's doing: the handler's thread says which it leaves out. */
function checkHeaders(headers: Readonly<Record<string, string>>, subject: string): void {
  const problems = Object.entries(headers)
    .filter(([name, value]) => !isMetadata(name.toLowerCase(), value))
    .map(([name]) => ({
      path: `headers.${name}`,
      value: "[hidden string]",
      expected: metadataRule,
      hint: hintFor("headers"),
    }));
  if (problems.length > 0) throw new ConfigError(`Cannot start ${subject}`, problems);
}
