/** The life of a server: a port of the system's choice, printed, and an end that leaves nothing behind. */
import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { flush } from "femtologging";

/** Listens until SIGTERM; then answers what is under way, and flushes. */
export function serve(listener: RequestListener): void {
  const server = createServer(listener);
  server.listen(0, "127.0.0.1", () => console.log((server.address() as AddressInfo).port));
  process.once("SIGTERM", () => {
    server.close(() => void flush().then(() => process.exit()));
    server.closeIdleConnections();
  });
}
