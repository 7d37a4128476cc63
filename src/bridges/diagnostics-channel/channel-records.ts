import type { ChannelMapper, ChannelRecord } from "../../options/bridge-options.ts";
import { isErrorLike } from "../../record/exception.ts";
import { severityName, type Level } from "../../record/severity.ts";
import { BridgeLoggers, type BridgeDestination, type BridgeLogger } from "../bridge-loggers.ts";
import { makeRecord } from "../make-record.ts";

/** What is known of a message beside itself. */
export interface MessageFacts {
  readonly eventName: string;
  /** 1 to 24. */
  readonly severity: number;
  /** Since the call began that it is about. */
  readonly durationMillis?: number;
}

/** Makes records of the messages of a channel. */
export class ChannelRecords {
  readonly #channelName: string;
  readonly #logger: BridgeLogger["logger"];
  readonly #map: ChannelMapper;

  constructor(parts: {
    readonly destination: BridgeDestination;
    readonly map: ChannelMapper | undefined;
    readonly channelName: string;
  }) {
    this.#channelName = parts.channelName;
    this.#logger = new BridgeLoggers(parts.destination).of(parts.channelName).logger;
    this.#map = parts.map ?? recordOf;
  }

  /** Never throws: a subscriber that does ends the process. */
  write(message: unknown, facts: MessageFacts): void {
    makeRecord(`channel "${this.#channelName}"`, () => this.#write(message, facts));
  }

  #write(message: unknown, { eventName, severity, durationMillis }: MessageFacts): void {
    if (!this.#logger.isEnabledFor(severity as Level)) return;
    const record = this.#map(message, this.#channelName);
    if (record === undefined) return;
    const severityNumber = record.severityNumber ?? severity;
    this.#logger.emit({
      severityNumber,
      severityText: severityName(severityNumber),
      eventName,
      body: record.body,
      attributes: {
        ...record.attributes,
        ...(durationMillis === undefined ? {} : { "channel.duration_ms": durationMillis }),
      },
      ...(record.exception === undefined ? {} : { exception: record.exception }),
    });
  }
}

/**
 * The properties of a message as attributes. Of what has a class of its own, a socket or a request, only the name of the class: such
 * objects lead to half of the process.
 */
function recordOf(message: unknown): ChannelRecord {
  if (typeof message !== "object" || message === null) return { body: message };
  if (isErrorLike(message)) return { exception: message };
  const { error, ...rest } = message as Readonly<Record<string, unknown>>;
  const attributes = Object.fromEntries(Object.entries(rest).map(([key, value]) => [key, plain(value)]));
  if (error === undefined) return { attributes };
  return { attributes, exception: error };
}

function plain(value: unknown): unknown {
  if (typeof value === "function") return `[function ${value.name}]`;
  if (typeof value !== "object" || value === null || isErrorLike(value)) return value;
  const prototype = Object.getPrototypeOf(value) as {
    readonly constructor?: { readonly name?: string };
  } | null;
  const isPlain =
    prototype === null ||
    prototype === Object.prototype ||
    Array.isArray(value) ||
    value instanceof Uint8Array ||
    value instanceof Date ||
    value instanceof URL;
  return isPlain ? value : `[${prototype.constructor?.name ?? "object"}]`;
}
