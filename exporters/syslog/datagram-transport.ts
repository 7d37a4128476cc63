// One message a datagram.
import { createSocket, type Socket } from "node:dgram";
import type { LookupAddress } from "node:dns";
import { lookup } from "node:dns/promises";
import { once } from "node:events";
import { setImmediate as nextTurn } from "node:timers/promises";

import { faultOf, type Handover, type SyslogTransport, type TransportFault } from "./transport.ts";

const NOTHING = new Uint8Array(0);
const SPACE = 32;
const ZERO = 48;
/** Datagrams that are handed over at once: their errors come together. */
const windowSize = 32;
/** So long an address is believed: then the name is looked up again. */
const addressMillisMax = 60_000;
/** The datagram is larger than what the way there takes. */
const tooLarge = "EMSGSIZE";

/** One message of a batch. */
interface Datagram {
  readonly message: Uint8Array;
  /** The message with its length in front. */
  readonly frame: Uint8Array;
}

/** What became of some datagrams. */
interface WindowResult {
  readonly taken: number;
  readonly refused: number;
  readonly failed: readonly Datagram[];
  readonly refusal: TransportFault | undefined;
  /** The last one there was, of those that failed. */
  readonly fault: TransportFault | undefined;
}

/**
 * Messages by UDP. Taken is what the system has sent off: nobody says what has arrived. Where the server's machine answers that
 * nobody listens, which the system tells while the next datagrams go out, those are sent again.
 *
 * @see RFC 5426
 */
export class DatagramTransport implements SyslogTransport {
  readonly #host: string;
  readonly #port: number;
  #socket: Socket | undefined;
  #openedAtMillis = 0;
  /** Which of the addresses of the name is used: the next one after a failure. */
  #addressIndex = 0;
  /** What the system has told of datagrams that it had taken. */
  #lateFault: TransportFault | undefined;

  constructor(address: { readonly host: string; readonly port: number }) {
    this.#host = address.host;
    this.#port = address.port;
  }

  /** @param batch.bytes Messages with their lengths in front: "octet-counting". */
  async send(batch: { readonly bytes: Uint8Array }, signal: AbortSignal): Promise<Handover> {
    const datagrams = datagramsIn(batch.bytes);
    let taken = 0;
    let refused = 0;
    let refusal: TransportFault | undefined;
    for (let i = 0; i < datagrams.length; i += windowSize) {
      const sent = await this.#sendWindow(datagrams.slice(i, i + windowSize), signal);
      taken += sent.taken;
      refused += sent.refused;
      refusal = sent.refusal ?? refusal;
      if (sent.failed.length > 0) {
        this.close();
        this.#addressIndex++;
        const left = [...sent.failed, ...datagrams.slice(i + windowSize)];
        const rest = Buffer.concat(left.map(({ frame }) => frame));
        return { taken, refused, refusal, rest, fault: sent.fault };
      }
    }
    this.#socket?.unref();
    return { taken, refused, refusal, rest: NOTHING, fault: undefined };
  }

  close(): void {
    this.#socket?.close();
    this.#socket = undefined;
  }

  async #sendWindow(window: readonly Datagram[], signal: AbortSignal): Promise<WindowResult> {
    const stop = Promise.withResolvers<never>();
    const onAbort = (): void => stop.reject(signal.reason);
    signal.addEventListener("abort", onAbort, { once: true });
    try {
      // A name server takes its time, and so may the system: neither can be told to stop.
      const faults = await Promise.race([this.#handOver(window, signal), stop.promise]);
      return this.#judge(window, faults);
    } catch (error) {
      const fault = faultOf(signal.aborted ? signal.reason : error);
      return { taken: 0, refused: 0, refusal: undefined, failed: window, fault };
    } finally {
      signal.removeEventListener("abort", onAbort);
    }
  }

  async #handOver(
    window: readonly Datagram[],
    signal: AbortSignal,
  ): Promise<readonly (TransportFault | undefined)[]> {
    const socket = await this.#open(signal);
    this.#lateFault = undefined;
    const faults = await Promise.all(window.map((datagram) => sendOne(socket, datagram)));
    // On the same machine an answer that nobody listens is there by now.
    await nextTurn();
    return faults;
  }

  /** An answer that nobody listens is of a datagram before the one that is told of it: with one, all have failed. */
  #judge(window: readonly Datagram[], faults: readonly (TransportFault | undefined)[]): WindowResult {
    const isTooLarge = (index: number): boolean => faults[index]?.code === tooLarge;
    const refusal = faults.find((_, index) => isTooLarge(index));
    const fault = this.#lateFault ?? faults.find((one, index) => one !== undefined && !isTooLarge(index));
    const others = window.filter((_, index) => !isTooLarge(index));
    const refused = window.length - others.length;
    return fault === undefined
      ? { taken: others.length, refused, refusal, failed: [], fault }
      : { taken: 0, refused, refusal, failed: others, fault };
  }

  /** @throws The name is unknown, there is no way to the address, or the signal has come. */
  async #open(signal: AbortSignal): Promise<Socket> {
    signal.throwIfAborted();
    const isYoung = performance.now() - this.#openedAtMillis < addressMillisMax;
    if (this.#socket !== undefined && isYoung) return this.#socket.ref();
    this.close();
    const addresses = await lookup(this.#host, { all: true });
    signal.throwIfAborted();
    const { address, family } = addresses[this.#addressIndex % addresses.length] as LookupAddress;
    const socket = createSocket(family === 6 ? "udp6" : "udp4");
    this.#socket = socket;
    this.#openedAtMillis = performance.now();
    socket.on("error", (error) => {
      this.#lateFault = faultOf(error);
    });
    // Connected, so that the system tells us when nobody listens, and takes answers from nobody else.
    socket.connect(this.#port, address);
    await once(socket, "connect", { signal });
    return socket;
  }
}

function sendOne(socket: Socket, { message }: Datagram): Promise<TransportFault | undefined> {
  return new Promise((resolve) => {
    socket.send(message, (error) => resolve(error === null ? undefined : faultOf(error)));
  });
}

/** Takes a batch apart at the lengths in front of its messages. */
function datagramsIn(bytes: Uint8Array): Datagram[] {
  const datagrams: Datagram[] = [];
  let at = 0;
  while (at < bytes.length) {
    const frameAt = at;
    let length = 0;
    for (; bytes[at] !== SPACE; at++) length = length * 10 + ((bytes[at] as number) - ZERO);
    const end = at + 1 + length;
    datagrams.push({ message: bytes.subarray(at + 1, end), frame: bytes.subarray(frameAt, end) });
    at = end;
  }
  return datagrams;
}
