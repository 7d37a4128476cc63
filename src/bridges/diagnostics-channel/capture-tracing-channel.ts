import { tracingChannel, type TracingChannelSubscribers } from "node:diagnostics_channel";
import { TRACING_CHANNEL_CAPTURE_OPTIONS, type TracingEvent } from "../../options/bridge-options.ts";
import type { OptionsOf } from "../../options/infer.ts";
import { resolveOptions } from "../../options/validate.ts";
import { LEVELS } from "../../record/severity.ts";
import type { Capture } from "../capture.ts";
import { captureOnce } from "../capture-once.ts";
import { ChannelRecords } from "./channel-records.ts";

/** Options of `captureTracingChannel`; CONFIG.md describes each. */
export type TracingChannelCaptureOptions = OptionsOf<typeof TRACING_CHANNEL_CAPTURE_OPTIONS>;

const EVENTS: readonly TracingEvent[] = ["start", "end", "asyncStart", "asyncEnd", "error"];
const DEFAULT_EVENTS: readonly TracingEvent[] = ["end", "asyncEnd", "error"];

/**
 * Makes records of the calls that a tracing channel of `node:diagnostics_channel` tells of: of their end, of the end of what they have started, and of
 * their errors, which are ERROR at least and have `exception.*`. Each has the milliseconds since the start, as `channel.duration_ms`; its event name is that of the
 * channel with what happened: `orders:asyncEnd`. Capturing a channel twice gives the first capture, and says so once. This thread.
 *
 * @param name As `tracingChannel()` takes it: "orders" for "tracing:orders:start".
 * @throws {ConfigError} An option is wrong. Names all faults.
 */
export function captureTracingChannel(name: string, options: TracingChannelCaptureOptions = {}): Capture {
  const subject = `tracing channel "${name}"`;
  const { level, map, events, ...destination } = resolveOptions(TRACING_CHANNEL_CAPTURE_OPTIONS, options, {
    action: "capture",
    subject,
  });
  return captureOnce(subject, () => {
    const records = new ChannelRecords({ destination, map, channelName: name });
    const subscribers = subscribersOf(records, { name, level, events: events ?? DEFAULT_EVENTS });
    const channel = tracingChannel(name);
    channel.subscribe(subscribers);
    return () => {
      channel.unsubscribe(subscribers);
    };
  });
}

interface Traced {
  readonly name: string;
  readonly level: number;
  readonly events: readonly TracingEvent[];
}

/** All events of a call come with the same object. */
function subscribersOf(
  records: ChannelRecords,
  { name, level, events }: Traced,
): TracingChannelSubscribers<object> {
  const startedAt = new WeakMap<object, number>();
  const onEvent = (event: TracingEvent, message: object): void => {
    if (event === "start") startedAt.set(message, performance.now());
    if (!events.includes(event)) return;
    const start = event === "start" ? undefined : startedAt.get(message);
    records.write(message, {
      eventName: `${name}:${event}`,
      severity: event === "error" ? Math.max(level, LEVELS.ERROR) : level,
      ...(start === undefined ? {} : { durationMillis: performance.now() - start }),
    });
  };
  return Object.fromEntries(
    EVENTS.map((event) => [event, (message: object) => onEvent(event, message)]),
  ) as unknown as TracingChannelSubscribers<object>;
}
