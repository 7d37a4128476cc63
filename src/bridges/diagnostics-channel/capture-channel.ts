import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { CHANNEL_CAPTURE_OPTIONS } from "../../options/bridge-options.ts";
import type { OptionsOf } from "../../options/infer.ts";
import { resolveOptions } from "../../options/validate.ts";
import type { Capture } from "../capture.ts";
import { captureOnce } from "../capture-once.ts";
import { ChannelRecords } from "./channel-records.ts";

/** Options of `captureChannel`; CONFIG.md describes each. */
export type ChannelCaptureOptions = OptionsOf<typeof CHANNEL_CAPTURE_OPTIONS>;

/**
 * Makes a record of each message of a channel of `node:diagnostics_channel`: its event name is the name of the channel, and so is its logger's
 * (`undici:request:create` is `undici.request.create`), at DEBUG. Without `map` the properties of the message are attributes. Capturing
 * a channel twice gives the first capture, and says so once. This thread.
 *
 * @throws {ConfigError} An option is wrong. Names all faults.
 */
export function captureChannel(name: string | symbol, options: ChannelCaptureOptions = {}): Capture {
  const label = typeof name === "symbol" ? (name.description ?? "") : name;
  const subject = typeof name === "symbol" ? `channel ${String(name)}` : `channel "${name}"`;
  const { level, map, ...destination } = resolveOptions(CHANNEL_CAPTURE_OPTIONS, options, {
    action: "capture",
    subject,
  });
  return captureOnce(subject, () => {
    const records = new ChannelRecords({ destination, map, channelName: label });
    const onMessage = (message: unknown): void =>
      records.write(message, { eventName: label, severity: level });
    subscribe(name, onMessage);
    return () => {
      unsubscribe(name, onMessage);
    };
  });
}
