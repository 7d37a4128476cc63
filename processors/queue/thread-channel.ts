import { BroadcastChannel, receiveMessageOnPort, type MessagePort } from "node:worker_threads";
import { ARENA_VERSION } from "./layout.ts";

const CHANNEL = `femtologging.threads.${ARENA_VERSION}`;

/** What threads say to all others: data, by kind. */
export interface ThreadMessage {
  readonly kind: string;
}

type Listener = (message: ThreadMessage) => void;

const listeners = new Map<string, Listener>();
let channel: BroadcastChannel | undefined;

/** Calls `listener` with each message of a kind that other threads send from now on; one listener a kind. Never keeps the process alive. */
export function listenToThreads(kind: string, listener: Listener): void {
  listeners.set(kind, listener);
  openChannel();
}

/**
 * Sends a message to all threads that listen at this moment: it is theirs when this returns, whatever becomes of this thread.
 * @returns False where the message cannot travel: there is a function in it.
 */
export function tellThreads(message: ThreadMessage): boolean {
  try {
    openChannel().postMessage(message);
    return true;
  } catch {
    return false;
  }
}

/** Takes the messages that have come by now, without the event loop. */
export function receiveFromThreads(): void {
  if (channel === undefined) return;
  // Node takes channels too: its types do not say so.
  const port = channel as unknown as MessagePort;
  for (let next = receiveMessageOnPort(port); next !== undefined; next = receiveMessageOnPort(port))
    take(next.message);
}

function openChannel(): BroadcastChannel {
  if (channel !== undefined) return channel;
  channel = new BroadcastChannel(CHANNEL);
  channel.onmessage = (event: unknown) => take((event as { readonly data: unknown }).data);
  channel.unref();
  return channel;
}

/** The channel's name is no secret: what is none of ours is passed over. */
function take(message: unknown): void {
  const { kind } = (message ?? {}) as Partial<ThreadMessage>;
  if (typeof kind === "string") listeners.get(kind)?.(message as ThreadMessage);
}
