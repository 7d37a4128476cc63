// The two modules of undici that we need, without the rest of it (fetch, caches, mocks, WebSocket): undici has no `exports`
// map, so they can be imported, but it has types for its root only. A test holds them against the root's exports.

declare module "undici/lib/dispatcher/client.js" {
  import { Client } from "undici";

  export default Client;
}

declare module "undici/lib/core/connect.js" {
  import type { Socket } from "node:net";
  import type { buildConnector as types } from "undici";

  /** Returns the socket at once, connected or not, which undici's own types leave out. */
  type Connect = (options: types.Options, callback: types.Callback) => Socket;

  export default function buildConnector(options: types.BuildOptions): Connect;
}
