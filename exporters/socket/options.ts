import { ConfigError } from "../../src/errors.ts";
import { hintFor } from "../../src/options/read-value.ts";
import { tlsSettingsOf, type TlsOptions } from "../tls-options.ts";
import type { TlsSettings } from "../tls-settings.ts";
import { describePeer } from "./sender-options.ts";

/** Longest path that fits into the address of a Unix domain socket, in bytes; Linux takes four more. */
const pathBytesMax = 103;

/** Where frames go, out of the resolved options of a handler or exporter. */
export interface GivenTarget {
  readonly host: string;
  readonly port: number;
  readonly socketPath: string | undefined;
  readonly tls: boolean | TlsOptions;
}

/** The same, checked; plain data. */
export interface CheckedTarget extends Omit<GivenTarget, "tls"> {
  readonly tls: TlsSettings | undefined;
  /** In words: `tcp://host:port`. */
  readonly peer: string;
}

/**
 * Finds out here what is wrong with a path or with certificates, before there is a thread to tell it.
 *
 * @param subject Whose options they are, as errors shall say it.
 * @throws {ConfigError} The path is too long, or the certificates cannot be read.
 */
export function checkTarget(
  { host, port, socketPath, tls: given }: GivenTarget,
  subject: string,
): CheckedTarget {
  checkPath(socketPath, subject);
  const tls = given === false ? undefined : tlsSettingsOf(given, subject);
  return { host, port, socketPath, tls, peer: describePeer({ host, port, socketPath, tls }) };
}

function checkPath(path: string | undefined, subject: string): void {
  if (path === undefined || Buffer.byteLength(path) <= pathBytesMax) return;
  const expected = `must be at most ${pathBytesMax} bytes long, has ${Buffer.byteLength(path)}`;
  const problem = { path: "socketPath", value: path, expected, hint: hintFor("socketPath") };
  throw new ConfigError(`Cannot start ${subject}`, [problem]);
}
