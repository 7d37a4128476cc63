import { BroadcastChannel, receiveMessageOnPort, type MessagePort } from "node:worker_threads";
import { ARENA_VERSION } from "./layout.ts";

/** What threads say to all that listen to its kind: data. */
export interface ThreadMessage {
  readonly kind: string;
}

/** Open for the kinds that this thread listens to: a channel holds what it hears, so that nobody opens one in vain. */
const channels = new Map<string, BroadcastChannel>();
const listeners = new Map<string, (message: ThreadMessage) => void>();

/** Calls `listener` with each message of a kind that other threads send from now on; one listener a kind. Never keeps the process alive. */
export function listenToThreads(kind: string, listener: (message: ThreadMessage) => void): void {
  if (channels.has(kind)) return;
  const channel = new BroadcastChannel(nameOf(kind));
  channel.addEventListener("message", (event) => take(kind, (event as MessageEvent).data));
  channel.unref();
  channels.set(kind, channel);
  listeners.set(kind, listener);
}

/**
 * Sends a message to all threads that listen at this moment: it is theirs when this returns, whatever becomes of this thread.
 * @returns False where the message cannot travel: there is a function in it.
 */
export function tellThreads(message: ThreadMessage): boolean {
  const open = channels.get(message.kind);
  const channel = open ?? new BroadcastChannel(nameOf(message.kind));
  try {
    channel.postMessage(message);
    return true;
  } catch {
    return false;
  } finally {
    if (open === undefined) channel.close();
  }
}

/** Takes the messages that have come by now, without the event loop. */
export function receiveFromThreads(): void {
  for (const [kind, channel] of channels) {
    // Node takes channels too: its types do not say so.
    const port = channel as unknown as MessagePort;
    for (let next = receiveMessageOnPort(port); next !== undefined; next = receiveMessageOnPort(port))
      take(kind, next.message);
  }
}

function nameOf(kind: string): string {
  return `femtologging.threads.${ARENA_VERSION}.${kind}`;
}

/** The channel's name is no secret: what is none of ours is passed over. */
function take(kind: string, message: unknown): void {
  if ((message as Partial<ThreadMessage> | null | undefined)?.kind === kind)
    listeners.get(kind)?.(message as ThreadMessage);
}
