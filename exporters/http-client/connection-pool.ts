import { ChannelPool } from "../delivery/channel-pool.ts";
import { Connection } from "./connection.ts";
import type { Connector } from "./connector.ts";

/** Lends out the connections to one origin. */
export class ConnectionPool extends ChannelPool<Connection> {
  /**
   * @param connectionCountMax At least 1.
   * @param connect Makes each connection; straight to the origin when left out.
   */
  constructor(origin: string, connectionCountMax: number, connect?: Connector) {
    super(connectionCountMax, () => new Connection(origin, connect));
  }
}
