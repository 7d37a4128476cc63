// Which proxy a handler goes through to a peer of gRPC.
import { reportOnce } from "../diagnostics.ts";
import type { Environment } from "../options/description.ts";
import type { ProxyGiven } from "../options/proxy-options.ts";
import { chooseProxy, type ChosenProxy } from "./proxy-choice.ts";

/** Where requests go, and for whom. */
export interface GrpcProxyContext {
  /** The option `url`: a URL, or `host:port`. */
  readonly url: string;
  readonly isSecure: boolean;
  /** `handler "audit"`, for what is ignored. */
  readonly subject: string;
  readonly env?: Environment;
}

/**
 * Chooses the proxy as `chooseProxy()` does, but that `grpc_proxy` and `no_grpc_proxy` come before the other variables, as other
 * programs that speak gRPC have it. A proxy of the environment that is not of the scheme `http:` is reported and ignored.
 *
 * @returns `undefined` for none.
 */
export function chooseGrpcProxy(
  given: ProxyGiven | undefined,
  context: GrpcProxyContext,
): ChosenProxy | undefined {
  const { url, isSecure, subject, env = process.env } = context;
  if (url.startsWith("unix:")) return undefined;
  const { grpc_proxy: proxy = "", no_grpc_proxy: exempt = "" } = env;
  const chosen = chooseProxy(given, {
    url: /^https?:/.test(url) ? url : `${isSecure ? "https" : "http"}://${url}`,
    subject,
    env: {
      ...env,
      ...(proxy === "" ? {} : { https_proxy: proxy, http_proxy: proxy }),
      ...(exempt === "" ? {} : { no_proxy: exempt }),
    },
  });
  if (chosen === undefined || chosen.origin.startsWith("http:")) return chosen;
  reportOnce(
    "environment grpc_proxy",
    `Cannot use the proxy ${chosen.origin} of the environment for ${subject}: it must be of the scheme http: for gRPC; ignored`,
  );
  return undefined;
}
