import { ConfigError } from "../../errors.ts";
import type { ConfigProblem } from "../../errors.ts";
import type { ReceiverTls } from "../options.ts";
import type { SocketLogRecord } from "./socket-record.ts";

/** What a {@link FemtoSocketReceiver} is started with. */
export interface SocketReceiverOptions {
  /** Address to listen on; `127.0.0.1` by default. What listens elsewhere takes records from everybody there. */
  readonly host?: string;
  /** 0 (default) for any free port, else 1 to 65535. */
  readonly port?: number;
  /** Path of a Unix domain socket to listen on, in place of `host` and `port`. */
  readonly socketPath?: string;
  /** With it connections are encrypted. `requestCert` demands a client certificate that `ca` has signed. TCP only. */
  readonly tls?: ReceiverTls;
  /** Longest payload of a frame in bytes: 1 to 64 MiB, 1 MiB by default. A longer one ends its connection. */
  readonly frameBytesMax?: number;
  /** Connections at the same time: 1 to 65,536, 256 by default. Further ones are closed at once. */
  readonly connectionCountMax?: number;
  /** Milliseconds without a byte after which a connection is closed: 300,000 by default; 0 for never. */
  readonly idleTimeoutMillis?: number;
  /**
   * `records` (default) decodes and keeps them, `none` decodes them and only hands them on, `count` counts frames without
   * looking into them.
   */
  readonly keep?: "records" | "none" | "count";
  /** Records that are kept; later ones are only handed on and counted. 1,000,000 by default, at least 0. */
  readonly keepCountMax?: number;
  /**
   * Is given each record, in the order of its connection. Called on the receiver's thread; an error that it throws is
   * counted and said once.
   */
  readonly onRecord?: (record: SocketLogRecord) => void;
}

/** The options with their defaults filled in. */
export type SocketReceiverSettings = Required<
  Omit<SocketReceiverOptions, "tls" | "onRecord" | "socketPath">
> &
  Pick<SocketReceiverOptions, "tls" | "onRecord" | "socketPath">;

const defaults: SocketReceiverSettings = {
  host: "127.0.0.1",
  port: 0,
  frameBytesMax: 1_048_576,
  connectionCountMax: 256,
  idleTimeoutMillis: 300_000,
  keep: "records",
  keepCountMax: 1_000_000,
};

const integerBounds = {
  port: { min: 0, max: 65_535 },
  frameBytesMax: { min: 1, max: 67_108_864 },
  connectionCountMax: { min: 1, max: 65_536 },
  idleTimeoutMillis: { min: 0, max: 2_147_483_647 },
  keepCountMax: { min: 0, max: Number.MAX_SAFE_INTEGER },
} as const;

/**
 * Checks the options of a receiver and fills in the defaults.
 *
 * @throws {ConfigError} At least one is not what it must be; names all of them.
 */
export function resolveSocketSettings(options: SocketReceiverOptions): SocketReceiverSettings {
  const given = Object.entries(options).filter(([, value]) => value !== undefined);
  const settings: SocketReceiverSettings = { ...defaults, ...Object.fromEntries(given) };
  const problems = [...integerProblems(settings), ...keepProblems(settings), ...pathProblems(options)];
  if (problems.length > 0) throw new ConfigError("Cannot start socket receiver", problems);
  return settings;
}

function integerProblems(settings: SocketReceiverSettings): ConfigProblem[] {
  const names = Object.keys(integerBounds) as (keyof typeof integerBounds)[];
  return names.flatMap((name) => {
    const { min, max } = integerBounds[name];
    const value = settings[name];
    if (Number.isSafeInteger(value) && value >= min && value <= max) return [];
    return [{ path: name, value, expected: `must be an integer from ${min} to ${max}` }];
  });
}

function keepProblems({ keep, onRecord }: SocketReceiverSettings): ConfigProblem[] {
  if (!["records", "none", "count"].includes(keep)) {
    return [{ path: "keep", value: keep, expected: 'must be "records", "none" or "count"' }];
  }
  if (keep !== "count" || onRecord === undefined) return [];
  return [{ path: "keep", value: keep, expected: 'must be "records" or "none" where there is "onRecord"' }];
}

function pathProblems({ socketPath, host, port, tls }: SocketReceiverOptions): ConfigProblem[] {
  if (socketPath === undefined) return [];
  if (socketPath === "") return [{ path: "socketPath", value: socketPath, expected: "must not be empty" }];
  const isAlone = host === undefined && port === undefined && tls === undefined;
  const expected = 'must be without "host", "port" and "tls"';
  return isAlone ? [] : [{ path: "socketPath", value: socketPath, expected }];
}
