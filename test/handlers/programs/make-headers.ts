import { readFileSync } from "node:fs";

/** A token that stands in a file, as a sidecar would leave it there. */
export function getHeaders(options: { readonly path: string }): Promise<unknown> {
  const token = readFileSync(options.path, "utf8");
  return Promise.resolve({ headers: { authorization: `Bearer ${token}` } });
}
