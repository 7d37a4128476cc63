import { once } from "node:events";
import { lstatSync, unlinkSync } from "node:fs";
import { connect, type AddressInfo, type Server } from "node:net";

import type { SocketReceiverSettings } from "./options.ts";

/**
 * Makes the server listen.
 *
 * @returns The port; 0 for a Unix domain socket.
 * @throws {Error} The address cannot be listened on: it is taken, or not allowed.
 */
export async function listen(server: Server, settings: SocketReceiverSettings): Promise<number> {
  const { host, port, socketPath } = settings;
  const place = socketPath ?? `${host}, port ${port}`;
  try {
    if (socketPath !== undefined) await removeStale(socketPath);
    server.listen(socketPath === undefined ? { host, port } : { path: socketPath });
    await once(server, "listening");
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new Error(`Cannot start socket receiver on ${place}: ${reason}`, { cause });
  }
  return socketPath === undefined ? (server.address() as AddressInfo).port : 0;
}

/** A receiver that was killed leaves its socket behind: nobody answers there. Anything else is left as it is. */
async function removeStale(path: string): Promise<void> {
  if (lstatSync(path, { throwIfNoEntry: false })?.isSocket() !== true) return;
  const socket = connect({ path });
  try {
    await once(socket, "connect");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ECONNREFUSED") unlinkSync(path);
  } finally {
    socket.destroy();
  }
}
