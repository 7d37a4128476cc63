import type { LocalOutlet } from "../../processors/batch/settings.ts";
import { makeFormatter, type HandlerFormatter } from "../../processors/worker/formatter-registry.ts";
import { LineRenderer } from "../formatters/line-renderer.ts";

/**
 * An outlet that writes to a stream of the application, on its event loop. A batch is delivered when the stream has taken it
 * and called back; a stream that is full holds the next batch, not the application. The stream stays open at the end: it is
 * not ours.
 */
export function writableOutlet(
  stream: NodeJS.WritableStream,
  { formatter, terminator }: { readonly formatter: HandlerFormatter; readonly terminator: string },
): LocalOutlet {
  return {
    kind: "local",
    open: (report) => ({
      renderer: new LineRenderer(makeFormatter(formatter, report), { terminator }),
      exporter: {
        export: async ({ bytes, recordCount }) => {
          if (recordCount === 0) return { delivered: 0, rejected: 0, failed: 0 };
          const isWritten = await write(stream, Buffer.from(bytes), report);
          return isWritten
            ? { delivered: recordCount, rejected: 0, failed: 0 }
            : { delivered: 0, rejected: 0, failed: recordCount };
        },
        forceFlush: () => Promise.resolve(),
        close: () => Promise.resolve(),
      },
    }),
  };
}

function write(
  stream: NodeJS.WritableStream,
  bytes: Buffer,
  report: (trouble: string) => void,
): Promise<boolean> {
  return new Promise((resolve) => {
    let isFinished = false;
    const finish = (error?: Error | null): void => {
      if (isFinished) return;
      isFinished = true;
      stream.off("close", onClose);
      // A stream that fails emits 'error' after it has called back: without a listener that would end the process.
      setImmediate(() => stream.off("error", onError));
      if (error instanceof Error) report(`Cannot write to a stream: ${error.message}`);
      resolve(!(error instanceof Error));
    };
    const onError = (error: Error): void => finish(error);
    const onClose = (): void => finish(new Error("it was closed"));
    stream.on("error", onError);
    stream.on("close", onClose);
    const failure = failureOf(stream);
    if (failure === undefined) tryWrite(stream, bytes, finish);
    else finish(failure);
  });
}

/** A stream that has failed before may never call back. */
function failureOf(stream: NodeJS.WritableStream): Error | undefined {
  return (stream as { readonly errored?: Error | null }).errored ?? undefined;
}

function tryWrite(
  stream: NodeJS.WritableStream,
  bytes: Buffer,
  onWritten: (error?: Error | null) => void,
): void {
  try {
    stream.write(bytes, onWritten);
  } catch (error) {
    onWritten(error as Error);
  }
}
