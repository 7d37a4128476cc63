// The stack of console.trace().

const HEADER = "Trace";

/** Where a function was called, a line each, as the runtime writes them. @param above What is left out, with all that it called. */
export function frames(above: (...values: readonly unknown[]) => unknown): string {
  const holder: { name: string; message: string; stack?: unknown } = { name: HEADER, message: "" };
  Error.captureStackTrace(holder, above);
  const stack = String(holder.stack);
  // Some write it their own way: "Trace: ".
  return stack.startsWith(HEADER) ? stack.slice(stack.indexOf("\n") + 1) : stack;
}

/** What Node prints. */
export function traceText(message: string, stack: string): string {
  return `${HEADER}${message === "" ? "" : `: ${message}`}\n${stack}`;
}
