import { isatty } from "node:tty";
import type { HandlerFormatter } from "../../processors/worker/formatter-registry.ts";
import { formatterNamed } from "../formatters/formatter-descriptor.ts";
import type { ResolvedOf } from "../options/infer.ts";
import type { STREAM_OPTIONS, StreamTarget } from "../options/stream-options.ts";
import { chooseFormatter } from "./formatter-choice.ts";

type Resolved = ResolvedOf<typeof STREAM_OPTIONS>;

const DESCRIPTORS: Readonly<Record<string, number>> = { stdout: 1, stderr: 2 };

/** The descriptor behind the name of a standard stream. */
export function descriptorOf(stream: "stdout" | "stderr" | number): number {
  return typeof stream === "number" ? stream : (DESCRIPTORS[stream] as number);
}

function isTerminal(stream: StreamTarget): boolean {
  if (typeof stream !== "object") return isatty(descriptorOf(stream));
  return (stream as { readonly isTTY?: unknown }).isTTY === true;
}

/** How records look on a stream, out of resolved options. @throws {ConfigError} As `chooseFormatter`. */
export function streamFormatterOf(
  { stream, format, formatter, colors }: Resolved,
  subject: string,
): HandlerFormatter {
  if (formatter !== undefined) return chooseFormatter(formatter, subject);
  const kind = format === "auto" ? (isTerminal(stream) ? "pretty" : "json") : format;
  if (kind !== "pretty") return formatterNamed(kind);
  return { kind, options: { colors: colors === "auto" ? isTerminal(stream) : colors === "always" } };
}
