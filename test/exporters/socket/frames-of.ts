/** Renders records of tests as frames, and takes batches apart again. */
import { LENGTH_BYTES, type SocketFormat } from "../../../exporters/socket/record-fields.ts";
import { SocketRenderer, type SocketRendererOptions } from "../../../exporters/socket/socket-renderer.ts";

/** A renderer, and what it has reported. */
export function rendererOf(
  format: SocketFormat,
  options: Partial<SocketRendererOptions> = {},
): {
  readonly renderer: SocketRenderer;
  readonly troubles: readonly string[];
} {
  const troubles: string[] = [];
  const renderer = new SocketRenderer({
    format,
    frameBytesMax: 1_048_576,
    includeResource: true,
    report: (trouble) => troubles.push(trouble),
    ...options,
  });
  return { renderer, troubles };
}

/** The payloads of whole frames; anything else is an error. */
export function payloadsOf(batch: Uint8Array): Buffer[] {
  const bytes = Buffer.from(batch);
  const payloads: Buffer[] = [];
  for (let at = 0; at < bytes.length;) {
    const end = at + LENGTH_BYTES + bytes.readUInt32BE(at);
    if (end > bytes.length)
      throw new Error(`The frame at ${at} ends at ${end}, the batch at ${bytes.length}`);
    payloads.push(bytes.subarray(at + LENGTH_BYTES, end));
    at = end;
  }
  return payloads;
}

/** Bytes as a frame. */
export function frame(payload: Uint8Array | string): Buffer {
  const bytes = Buffer.from(payload);
  const length = Buffer.alloc(LENGTH_BYTES);
  length.writeUInt32BE(bytes.length);
  return Buffer.concat([length, bytes]);
}
