import type { OtlpHttpDescriptor } from "../../processors/worker/protocol.ts";
import type { HEADERS_MODULE_OPTIONS } from "../options/headers-module-options.ts";
import type { ResolvedOf } from "../options/infer.ts";
import type { OTLP_HTTP_OPTIONS } from "../options/otlp-http-options.ts";
import type { PROXY_OPTIONS } from "../options/proxy-options.ts";
import { headersModuleOf } from "./headers-module.ts";
import { deliveryTimesOf } from "./otlp-times.ts";
import { otlpTlsOf } from "./otlp-tls.ts";
import { chooseProxy } from "./proxy-choice.ts";

type Resolved = ResolvedOf<typeof OTLP_HTTP_OPTIONS & typeof HEADERS_MODULE_OPTIONS & typeof PROXY_OPTIONS>;

/**
 * Where and how OTLP goes by HTTP, out of resolved options; not through files.
 * @throws {ConfigError} A file of `tls` cannot be read, or the proxy is none.
 */
export function otlpHttpDescriptorOf(resolved: Resolved, subject: string): OtlpHttpDescriptor {
  const { url } = resolved;
  return {
    kind: "otlp-http",
    url,
    headers: resolved.headers,
    protocol: resolved.protocol,
    compression: resolved.compression,
    tls: otlpTlsOf(resolved.tls, { url, subject }),
    proxy: chooseProxy(resolved.proxy, { url, subject }),
    headersModule: headersModuleOf(resolved.headersModule),
    ...deliveryTimesOf(resolved),
    maxRequestBytes: resolved.maxRequestBytes,
    maxConcurrentRequests: resolved.maxConcurrentRequests,
    persistentQueue: undefined,
  };
}
