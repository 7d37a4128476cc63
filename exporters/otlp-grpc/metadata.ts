// Headers as gRPC carries them. Pure.
import { Metadata } from "@grpc/grpc-js";

import { isMetadata } from "./options.ts";

/** Names that gRPC or HTTP/2 need for themselves; `user-agent` is a setting of the connection. */
const ownedNames: ReadonlySet<string> = new Set([
  "connection",
  "content-encoding",
  "content-length",
  "content-type",
  "host",
  "keep-alive",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
  "user-agent",
]);
/** Metadata, and the names of headers that it cannot hold. */
export interface MetadataReading {
  readonly metadata: Metadata;
  readonly leftOut: readonly string[];
}

/**
 * Makes metadata of headers. Names that gRPC needs for itself are passed over; a value of a name that ends in `-bin` is
 * Base64, as it stands on the wire.
 *
 * @param headers By names in any case.
 */
export function metadataOf(headers: Readonly<Record<string, string>>): MetadataReading {
  const metadata = new Metadata();
  const leftOut: string[] = [];
  for (const [givenName, value] of Object.entries(headers)) {
    const name = givenName.toLowerCase();
    if (ownedNames.has(name)) continue;
    if (!isMetadata(name, value)) leftOut.push(givenName);
    else metadata.set(name, name.endsWith("-bin") ? Buffer.from(value, "base64") : value);
  }
  return { metadata, leftOut };
}
