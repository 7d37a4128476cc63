import { checkTarget } from "../../exporters/socket/options.ts";
import { FemtoHandler } from "../../processors/batch/handler.ts";
import { packedSource } from "../../processors/worker/source-network.generated.ts";
import { unpackSource } from "../../processors/worker/unpack-source.ts";
import { createBuilder, type Builder } from "../options/builder.ts";
import type { OptionsOf } from "../options/infer.ts";
import { SOCKET_HANDLER_OPTIONS } from "../options/socket-options.ts";
import { resolveOptions } from "../options/validate.ts";
import { settingsOf, subjectOf } from "./settings.ts";

/** Options of `FemtoSocketHandler`; CONFIG.md describes each. */
export type SocketHandlerOptions = OptionsOf<typeof SOCKET_HANDLER_OPTIONS>;

/**
 * Sends records over TCP, TLS or a Unix domain socket from a thread of its own: a frame each, in MessagePack, CBOR or JSON.
 * `FemtoSocketReceiver` reads them; docs/socket-protocol.md tells others how to.
 *
 * Delivered is what the operating system has taken: the protocol knows no answers. While the receiver is away records wait
 * in the queue. What was not written whole when a connection broke is written again on the next one, so a record may
 * arrive twice.
 */
export class FemtoSocketHandler extends FemtoHandler {
  /** Where records go: `tcp://host:port`, `tls://host:port` or `unix:path`. */
  readonly peer: string;

  /** @throws {ConfigError} An option is wrong, or a certificate cannot be read. Names all faults. */
  constructor(options: SocketHandlerOptions = {}) {
    const subject = subjectOf(options, "socket");
    const resolved = resolveOptions(SOCKET_HANDLER_OPTIONS, options, { subject });
    const { peer, ...target } = checkTarget(resolved, subject);
    super(settingsOf(resolved, "socket"), {
      source: unpackSource(packedSource),
      descriptor: {
        kind: "network",
        exporter: {
          kind: "socket",
          ...target,
          format: resolved.format,
          frameBytesMax: resolved.frameBytesMax,
          includeResource: resolved.includeResource,
          connectTimeoutMillis: resolved.connectTimeoutMillis,
          writeTimeoutMillis: resolved.writeTimeoutMillis,
          backoffMillis: resolved.backoffMillis,
          backoffMaxMillis: resolved.backoffMaxMillis,
          backoffResetMillis: resolved.backoffResetMillis,
          retryTimeoutMillis: resolved.retryTimeoutMillis,
          keepAliveMillis: resolved.keepAliveMillis,
          noDelay: resolved.noDelay,
        },
      },
    });
    this.peer = peer;
  }

  /** A fluent builder: a method for each option, then `build()` or `tryBuild()`. */
  static builder(): Builder<typeof SOCKET_HANDLER_OPTIONS, FemtoSocketHandler> {
    return createBuilder(SOCKET_HANDLER_OPTIONS, (options) => new FemtoSocketHandler(options));
  }
}
