import type { TlsOptions } from "node:tls";

import type { DecodedLogRecord, DecodeOptions } from "../../proto/model.ts";
import { ConfigError } from "../errors.ts";
import type { ConfigProblem } from "../errors.ts";

/** Certificate of the receiver, and whom it trusts. */
export type ReceiverTls = Pick<TlsOptions, "cert" | "key" | "ca" | "requestCert">;

/** What an {@link OtlpReceiver} is started with. */
export interface OtlpReceiverOptions extends DecodeOptions {
  /** Address to listen on; `127.0.0.1` by default. What listens elsewhere takes records from everybody there. */
  readonly host?: string;
  /** 0 (default) for any free port, else 1 to 65535. */
  readonly port?: number;
  /** With it the receiver takes OTLP by gRPC as well, on this port: 0 for any free one, else 1 to 65535. */
  readonly grpcPort?: number;
  /** Where exports are sent to; `/v1/logs` by default. */
  readonly path?: string;
  /** Where the counts are read; `/stats` by default. */
  readonly statsPath?: string;
  /** Where the kept records are read; `/records` by default. */
  readonly recordsPath?: string;
  /** Longest body of a request, in bytes, both as sent and after decompression: 1 to 1 GiB, 64 MiB by default. */
  readonly bodyBytesMax?: number;
  /** `records` (default) decodes and keeps them; `count` only counts, which is much faster. */
  readonly keep?: "records" | "count";
  /** Records that are kept; later ones are only counted. 1,000,000 by default, at least 0. */
  readonly keepCountMax?: number;
  /** With it the receiver speaks HTTPS, and gRPC with TLS. `requestCert` demands a client certificate that `ca` has signed. */
  readonly tls?: ReceiverTls;
  /**
   * Is told of the records of each request before it is answered; not with `keep: "count"`. Called on the receiver's
   * thread. When it throws, the request is answered with 500 and its records are not kept.
   */
  readonly onRecords?: (records: readonly DecodedLogRecord[]) => void;
}

/** The options with their defaults filled in. */
export type ReceiverSettings = Required<Omit<OtlpReceiverOptions, "tls" | "onRecords" | "grpcPort">> &
  Pick<OtlpReceiverOptions, "tls" | "onRecords" | "grpcPort">;

const defaults: ReceiverSettings = {
  host: "127.0.0.1",
  port: 0,
  path: "/v1/logs",
  statsPath: "/stats",
  recordsPath: "/records",
  bodyBytesMax: 67_108_864,
  keep: "records",
  keepCountMax: 1_000_000,
  duplicateKeys: "last",
};

const portMax = 65_535;
/** A body is held in one piece, and JSON as one string, which V8 bounds. */
const bodyBytesLimit = 1_073_741_824;
const pathText: RegExp = /^\/[^?]*$/;

/**
 * Checks the options of a receiver and fills in the defaults.
 *
 * @throws {ConfigError} At least one is not what it must be; names all of them.
 */
export function resolveSettings(options: OtlpReceiverOptions): ReceiverSettings {
  const settings: ReceiverSettings = { ...defaults, ...options };
  const problems = [
    ...integerProblems(settings, "port", { min: 0, max: portMax }),
    ...(settings.grpcPort === undefined
      ? []
      : integerProblems(settings, "grpcPort", { min: 0, max: portMax })),
    ...integerProblems(settings, "bodyBytesMax", { min: 1, max: bodyBytesLimit }),
    ...integerProblems(settings, "keepCountMax", { min: 0, max: Number.MAX_SAFE_INTEGER }),
    ...choiceProblems(settings, "keep", ["records", "count"]),
    ...choiceProblems(settings, "duplicateKeys", ["last", "error"]),
    ...pathProblems(settings),
  ];
  if (problems.length > 0) throw new ConfigError("Cannot start OTLP receiver", problems);
  return settings;
}

function integerProblems(
  settings: ReceiverSettings,
  name: "port" | "grpcPort" | "bodyBytesMax" | "keepCountMax",
  { min, max }: { readonly min: number; readonly max: number },
): ConfigProblem[] {
  const value = settings[name];
  if (value !== undefined && Number.isSafeInteger(value) && value >= min && value <= max) return [];
  return [{ path: name, value, expected: `must be an integer from ${min} to ${max}` }];
}

function choiceProblems(
  settings: ReceiverSettings,
  name: "keep" | "duplicateKeys",
  choices: readonly string[],
): ConfigProblem[] {
  if (choices.includes(settings[name])) return [];
  const expected = `must be ${choices.map((choice) => `"${choice}"`).join(" or ")}`;
  return [{ path: name, value: settings[name], expected }];
}

function pathProblems(settings: ReceiverSettings): ConfigProblem[] {
  const names = ["path", "statsPath", "recordsPath"] as const;
  return names
    .filter((name) => {
      const isTaken = names.some((other) => other !== name && settings[other] === settings[name]);
      return isTaken || !pathText.test(settings[name]);
    })
    .map((name) => ({
      path: name,
      value: settings[name],
      expected: 'must begin with "/", be without "?", and differ from the other paths',
    }));
}
