import { createSecureContext } from "node:tls";

import { ConfigError } from "../../src/errors.ts";
import { hintFor } from "../../src/options/read-value.ts";
import { describePeer, type SocketTls } from "./sender-options.ts";

/** Longest path that fits into the address of a Unix domain socket, in bytes; Linux takes four more. */
const pathBytesMax = 103;

/** Where frames go, out of the resolved options of a handler or exporter. */
export interface GivenTarget {
  readonly host: string;
  readonly port: number;
  readonly socketPath: string | undefined;
  readonly tls: boolean | SocketTls;
}

/** The same, checked; plain data. */
export interface CheckedTarget extends Omit<GivenTarget, "tls"> {
  readonly tls: SocketTls | undefined;
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
  const tls = tlsOf(given);
  checkPath(socketPath, subject);
  checkTls(tls, subject);
  return { host, port, socketPath, tls, peer: describePeer({ host, port, socketPath, tls }) };
}

/** A copy with nothing but texts and a switch: it travels to a handler's thread. */
function tlsOf(given: boolean | SocketTls): SocketTls | undefined {
  if (given === false) return undefined;
  if (given === true) return {};
  const { ca, cert, key, passphrase, serverName, insecure } = given;
  return { ca, cert, key, passphrase, serverName, insecure };
}

function checkPath(path: string | undefined, subject: string): void {
  if (path === undefined || Buffer.byteLength(path) <= pathBytesMax) return;
  const expected = `must be at most ${pathBytesMax} bytes long, has ${Buffer.byteLength(path)}`;
  const problem = { path: "socketPath", value: path, expected, hint: hintFor("socketPath") };
  throw new ConfigError(`Cannot start ${subject}`, [problem]);
}

function checkTls(tls: SocketTls | undefined, subject: string): void {
  if (tls === undefined) return;
  const { ca, cert, key, passphrase } = tls;
  try {
    createSecureContext({
      ...(ca !== undefined && { ca }),
      ...(cert !== undefined && { cert }),
      ...(key !== undefined && { key }),
      ...(passphrase !== undefined && { passphrase }),
    });
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    const expected = `must be PEM texts that belong together (${reason})`;
    const problem = { path: "tls", value: "[hidden object]", expected, hint: hintFor("tls") };
    throw new ConfigError(`Cannot start ${subject}`, [problem], { cause });
  }
}
