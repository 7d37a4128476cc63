import { ChannelPool } from "../delivery/channel-pool.ts";
import type { TlsSettings } from "../tls-settings.ts";
import { Connection } from "./connection.ts";

/** Lends out the connections to one origin. */
export class ConnectionPool extends ChannelPool<Connection> {
  /** @param connectionCountMax At least 1. */
  constructor(origin: string, connectionCountMax: number, tls: TlsSettings = {}) {
    super(connectionCountMax, () => new Connection(origin, tls));
  }
}
