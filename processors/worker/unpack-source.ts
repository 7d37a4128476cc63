const unpacked = new Map<string, string>();

/**
 * Unpacks the text of a program that `scripts/build-worker.ts` has compressed: some milliseconds, once a program and thread.
 *
 * @param packedSource gzip in Base64.
 */
export function unpackSource(packedSource: string): string {
  const known = unpacked.get(packedSource);
  if (known !== undefined) return known;
  // Loaded when it is needed: it would make every import of this package longer.
  const { gunzipSync } = process.getBuiltinModule("node:zlib");
  const source = gunzipSync(Buffer.from(packedSource, "base64")).toString("utf8");
  unpacked.set(packedSource, source);
  return source;
}
