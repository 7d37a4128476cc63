/**
 * Which work is our own on the threads of the application: exporters and processors that it has given to us, and what we say of our trouble.
 * What they print, emit or log is not captured by a bridge, or a record would make another one for ever.
 */
import { AsyncLocalStorage } from "node:async_hooks";

/** Made by the first capture: until then nobody asks, and nothing is to cost anything. */
let ownWork: AsyncLocalStorage<true> | undefined;

/** From now on own work is told from that of the application. For captures, when they begin. This thread. */
export function watchOwnWork(): void {
  ownWork ??= new AsyncLocalStorage<true>();
}

/**
 * Runs own work: what it starts, timers and requests included, is own work too.
 * @returns What `work` returns.
 */
export function runOwnWork<T>(work: () => T): T {
  return ownWork === undefined ? work() : ownWork.run(true, work);
}

/** Whether the caller runs because of own work. False while nobody watches. */
export function isOwnWork(): boolean {
  return ownWork?.getStore() === true;
}
