import type { Patched } from "./infer.ts";
import { overrideOptions } from "./override.ts";
import { NETWORK_PROCESSOR_OPTIONS, type PROCESSOR_OPTIONS } from "./processor-options.ts";
import { TLS_OPTIONS } from "./tls-options.ts";

/** What `FemtoSocketHandler` takes beside the options of all handlers. */
export const SOCKET_OPTIONS = {
  host: {
    type: "string",
    notEmpty: true,
    default: "localhost",
    description: "Name or address of the receiver. All addresses of a name are tried.",
  },
  port: {
    type: "integer",
    default: 9_020,
    minimum: 1,
    maximum: 65_535,
    description: "TCP port of the receiver.",
  },
  socketPath: {
    type: "path",
    computedDefault: "none: TCP",
    excludes: ["host", "port", "tls"],
    alsoKnownAs: ["unixPath", "path"],
    description: "Path of a Unix domain socket, in place of `host` and `port`.",
  },
  tls: {
    type: "group",
    // A getter because `isolatedDeclarations` wants the type of a reference written down.
    get table(): typeof TLS_OPTIONS {
      return TLS_OPTIONS;
    },
    default: false,
    description: "Encrypts the connection: `true` with Node's defaults, or an object of TLS settings.",
  },
  format: {
    type: "enum",
    values: ["msgpack", "cbor", "json"],
    default: "msgpack",
    aliases: { messagepack: "msgpack" },
    description: "The encoding of records; see docs/socket-protocol.md.",
  },
  frameBytesMax: {
    type: "integer",
    unit: "bytes",
    default: 1_048_576,
    minimum: 1_024,
    maximum: 16_777_216,
    alsoKnownAs: ["maxFrameSize"],
    description:
      "A record whose frame is longer, without the 4 bytes of its length, is not sent, and counted as `export_failed`.",
  },
  includeResource: {
    type: "boolean",
    default: true,
    description: "Whether each record tells of its resource: service, process, host.",
  },
  connectTimeoutMillis: {
    type: "integer",
    unit: "ms",
    default: 5_000,
    minimum: 1,
    maximum: 2_147_483_647,
    alsoKnownAs: ["connectTimeout"],
    description: "How long a connection may take to come about: looking up the name, and all handshakes.",
  },
  writeTimeoutMillis: {
    type: "integer",
    unit: "ms",
    default: 5_000,
    minimum: 1,
    maximum: 2_147_483_647,
    alsoKnownAs: ["writeTimeout"],
    description:
      "How long the receiver may take nothing (64 KiB at a time) before the connection is given up and made again.",
  },
  backoffMillis: {
    type: "integer",
    unit: "ms",
    default: 100,
    minimum: 1,
    maximum: 2_147_483_647,
    atMost: "backoffMaxMillis",
    alsoKnownAs: ["backoffBaseMillis"],
    description:
      "Longest first pause before a new connection. Each pause is a random time up to a limit that doubles from here.",
  },
  backoffMaxMillis: {
    type: "integer",
    unit: "ms",
    default: 10_000,
    minimum: 1,
    maximum: 2_147_483_647,
    alsoKnownAs: ["backoffCapMillis"],
    description: "What the limit of the pauses grows to.",
  },
  backoffResetMillis: {
    type: "integer",
    unit: "ms",
    default: 30_000,
    minimum: 0,
    maximum: 2_147_483_647,
    alsoKnownAs: ["backoffResetAfterMillis"],
    description: "After a connection that has lasted so long, pauses begin at `backoffMillis` again.",
  },
  retryTimeoutMillis: {
    type: "integer",
    unit: "ms",
    default: 0,
    minimum: 0,
    maximum: 2_147_483_647,
    alsoKnownAs: ["backoffDeadlineMillis"],
    description:
      "How long one batch is tried again while the receiver is away. Then its records are counted as `export_failed`. 0: no limit, records wait in the queue and `overflow` decides.",
  },
  keepAliveMillis: {
    type: "integer",
    unit: "ms",
    default: 60_000,
    minimum: 0,
    maximum: 2_147_483_647,
    alsoKnownAs: ["keepAlive"],
    description:
      "After so long without traffic the system asks whether the receiver is still there (TCP keepalive). 0: never.",
  },
  noDelay: {
    type: "boolean",
    default: true,
    description: "Sends small batches at once, without Nagle's algorithm.",
  },
} as const;

/** What `FemtoSocketExporter` takes: whoever calls it waits for its answer. */
export const SOCKET_EXPORTER_OPTIONS: Patched<typeof SOCKET_OPTIONS> = overrideOptions(SOCKET_OPTIONS, {
  retryTimeoutMillis: {
    default: 20_000,
    description:
      "How long the records of one export are tried again while the receiver is away. Then the export has failed. 0: no limit.",
  },
});

/** Small batches: what is written again after an outage is little, and memory is filled while the system sends. */
const BATCH_OPTIONS: Patched<typeof PROCESSOR_OPTIONS> = overrideOptions(NETWORK_PROCESSOR_OPTIONS, {
  maxExportBatchBytes: { default: 262_144 },
});

/** Everything that `FemtoSocketHandler` takes. */
export const SOCKET_HANDLER_OPTIONS: Patched<typeof PROCESSOR_OPTIONS> & typeof SOCKET_OPTIONS = {
  ...BATCH_OPTIONS,
  ...SOCKET_OPTIONS,
};
