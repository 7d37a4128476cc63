import { tlsSettingsOf } from "../../exporters/tls-options.ts";
import type { HttpDescriptor } from "../../processors/worker/protocol.ts";
import type { HEADERS_MODULE_OPTIONS } from "../options/headers-module-options.ts";
import type { PROXY_OPTIONS } from "../options/proxy-options.ts";
import type { HTTP_OPTIONS } from "../options/http-options.ts";
import type { ResolvedOf } from "../options/infer.ts";
import { headersModuleOf } from "./headers-module.ts";
import { chooseProxy } from "./proxy-choice.ts";
import { bodyOf } from "./http-body.ts";

type Resolved = ResolvedOf<typeof HTTP_OPTIONS & typeof HEADERS_MODULE_OPTIONS & typeof PROXY_OPTIONS>;

/** What a request holds. */
export type HttpFormat = HttpDescriptor["format"];

/**
 * Where and how records go by HTTP, out of resolved options.
 * @throws {ConfigError} Options do not go together, or a file of `tls` cannot be read.
 */
export function httpDescriptorOf(resolved: Resolved, subject: string): HttpDescriptor {
  const { format, contentType, mapping } = bodyOf(resolved, subject);
  return {
    kind: "http",
    url: resolved.url,
    method: resolved.method,
    format,
    contentType,
    mapping,
    headers: resolved.headers,
    credentials: resolved.credentials,
    tls: tlsSettingsOf(resolved.tls, subject),
    proxy: chooseProxy(resolved.proxy, { url: resolved.url, subject }),
    headersModule: headersModuleOf(resolved.headersModule),
    compression: resolved.compression,
    timeoutMillis: resolved.timeoutMillis,
    retryTimeoutMillis: resolved.retryTimeoutMillis,
    maxConcurrentRequests: resolved.maxConcurrentRequests,
  };
}
