/**
 * A peer that is far away: hands everything on to a port of this machine, and what comes back, each after a delay. For the end of
 * a process of its own, which `fork()` starts with two arguments: the port, and the delay each way in milliseconds. Sends its own port.
 */
import { connect, createServer, type AddressInfo, type Socket } from "node:net";

const [port, delayMillis] = process.argv.slice(2).map(Number) as [number, number];

/** Timers of one length fire in the order in which they were set. */
function handOn(from: Socket, to: Socket): void {
  from.setNoDelay(true);
  from.on("data", (bytes: Buffer) => setTimeout(() => to.write(bytes), delayMillis));
  from.on("end", () => setTimeout(() => to.end(), delayMillis));
  from.on("error", () => to.destroy());
}

const server = createServer({ allowHalfOpen: true }, (near) => {
  const far = connect({ port, host: "127.0.0.1", allowHalfOpen: true });
  handOn(near, far);
  handOn(far, near);
});
server.listen(0, "127.0.0.1", () => process.send?.((server.address() as AddressInfo).port));
process.once("disconnect", () => process.exit());
