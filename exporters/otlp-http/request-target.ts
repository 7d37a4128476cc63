import { makeTarget, type RequestTarget } from "../http-client/request-target.ts";
import type { OtlpHttpSenderOptions } from "./sender-options.ts";
import { userAgent } from "./user-agent.ts";

/** Where OTLP requests go: always a POST. @throws {TypeError} The URL cannot be parsed. */
export function requestTarget(options: OtlpHttpSenderOptions): RequestTarget {
  const { url, headers, compression } = options;
  return makeTarget({
    method: "POST",
    url,
    headers,
    compression,
    userAgent: userAgent(options.userAgent),
    contentType: options.protocol === "http/json" ? "application/json" : "application/x-protobuf",
  });
}
