import { OTHER_NAME } from "../queue/export-layout.ts";

/**
 * `error.type` of something thrown: its code, such as `ECONNRESET`, or an HTTP status; else the name of its class.
 * @see Semantic conventions, error.type
 */
export function errorTypeOf(error: unknown): string {
  if (!(error instanceof Error)) return OTHER_NAME;
  const { code } = error as { readonly code?: unknown };
  if ((typeof code === "string" && code !== "") || typeof code === "number") return String(code);
  // A class of its own says more than "Error" does.
  return error.name === "Error" || error.name === "" ? OTHER_NAME : error.name;
}
