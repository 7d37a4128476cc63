// Which proxy a handler goes through: the option's, or that of the environment.
import { reportOnce } from "../diagnostics.ts";
import type { Environment } from "../options/description.ts";
import type { ProxyGiven } from "../options/proxy-options.ts";

/** A proxy, as the handler's thread is told. */
export interface ChosenProxy {
  /** Scheme, host and port. */
  readonly origin: string;
  /** Value of `Proxy-Authorization`; secret. */
  readonly authorization: string | undefined;
}

/** Whose proxy it is. */
export interface ProxyContext {
  /** Where requests go. */
  readonly url: string;
  /** `handler "audit"`, for what is ignored. */
  readonly subject: string;
  readonly env?: Environment;
}

/**
 * Chooses the proxy for a URL. What is given wins; without it the variables `HTTPS_PROXY` and `HTTP_PROXY` by the scheme of the
 * URL, and `NO_PROXY`, as other programs have them: in lower case first, never for this machine itself, and `HTTP_PROXY` in
 * upper case not in a CGI program, where a header `Proxy` of a request becomes that variable.
 *
 * @returns `undefined` for none.
 */
export function chooseProxy(given: ProxyGiven | undefined, context: ProxyContext): ChosenProxy | undefined {
  if (given === false) return undefined;
  if (given !== undefined) return proxyOf(new URL(given));
  const { url, env = process.env } = context;
  const target = new URL(url);
  if (isLoopback(target.hostname)) return undefined;
  if (isExempt(target, variableOf(env, "no_proxy")?.text ?? "")) return undefined;
  const isCgi = (env["REQUEST_METHOD"] ?? "") !== "";
  const variable =
    target.protocol === "https:" ? variableOf(env, "https_proxy") : variableOf(env, "http_proxy", { isCgi });
  if (variable === undefined) return undefined;
  const proxy = URL.parse(variable.text.includes("://") ? variable.text : `http://${variable.text}`);
  if (proxy !== null && /^https?:$/.test(proxy.protocol) && proxy.hostname !== "") return proxyOf(proxy);
  reportOnce(
    `environment ${variable.name}`,
    `Cannot use the environment variable ${variable.name} for ${context.subject}: it must be a URL with http: or https:, such as http://proxy.example:3128; ignored`,
  );
  return undefined;
}

function variableOf(
  env: Environment,
  name: string,
  options: { readonly isCgi?: boolean } = {},
): { readonly name: string; readonly text: string } | undefined {
  for (const spelling of options.isCgi === true ? [name] : [name, name.toUpperCase()]) {
    const text = env[spelling]?.trim() ?? "";
    if (text !== "") return { name: spelling, text };
  }
  return undefined;
}

function proxyOf(url: URL): ChosenProxy {
  const [username, password] = [url.username, url.password].map(decode);
  const isKnown = username !== "" || password !== "";
  const credentials = Buffer.from(`${username}:${password}`, "utf8").toString("base64");
  return { origin: url.origin, authorization: isKnown ? `Basic ${credentials}` : undefined };
}

/** A `%` that is no escape is one that somebody forgot to escape. */
function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function isLoopback(hostname: string): boolean {
  return /^(?:(?:.*\.)?localhost\.?|127(?:\.\d+){3}|\[::1\])$/i.test(hostname);
}

/**
 * Whether a list of `NO_PROXY` names a host: `*`; a name with all below it, with or without a dot in front; an address; a
 * network such as `10.0.0.0/8`; each with a port or for all.
 */
function isExempt(target: URL, list: string): boolean {
  const host = target.hostname
    .replace(/^\[|\]$/g, "")
    .replace(/\.$/, "")
    .toLowerCase();
  const port = target.port || (target.protocol === "https:" ? "443" : "80");
  return list.split(/[\s,]+/).some((entry) => {
    if (entry === "*") return true;
    const match = /^(?:\*?\.)?(?<name>\[[^\]]+\]|[^:]+|[^:]*:.*:[^:]*?)(?::(?<port>\d+))?$/.exec(
      entry.toLowerCase(),
    );
    if (match?.groups === undefined) return false;
    const { name = "", port: onlyPort } = match.groups;
    return (onlyPort === undefined || onlyPort === port) && namesHost(name.replace(/^\[|\]$/g, ""), host);
  });
}

function namesHost(name: string, host: string): boolean {
  // Loaded when it is needed: it would make every import of this package longer.
  const { BlockList, isIP } = process.getBuiltinModule("node:net");
  if (isIP(host) === 0) return host === name || host.endsWith(`.${name}`);
  const [address = "", prefix] = name.split("/", 2);
  const version = isIP(address);
  if (version === 0 || version !== isIP(host)) return false;
  const family = version === 6 ? "ipv6" : "ipv4";
  const bitsMax = version === 6 ? 128 : 32;
  const bits = prefix === undefined ? bitsMax : /^\d+$/.test(prefix) ? Number(prefix) : Infinity;
  if (bits > bitsMax) return false;
  const network = new BlockList();
  network.addSubnet(address, bits, family);
  return network.check(host, family);
}
