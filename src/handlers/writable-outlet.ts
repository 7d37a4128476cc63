import type { LocalOutlet } from "../../processors/batch/settings.ts";
import type { FemtoFormatter } from "../../processors/shape/renderer.ts";
import { LineRenderer } from "../formatters/line-renderer.ts";

/**
 * An outlet that writes to a stream of the application, on its event loop. A batch is delivered when the stream has taken it
 * and called back; a stream that is full holds the next batch, not the application. The stream stays open at the end: it is
 * not ours.
 */
export function writableOutlet(
  stream: NodeJS.WritableStream,
  parts: { readonly formatter: FemtoFormatter; readonly terminator: string },
): LocalOutlet {
  return {
    kind: "local",
    open: (report) => ({
      renderer: new LineRenderer(parts.formatter, { terminator: parts.terminator }),
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

function write(stream: NodeJS.WritableStream, bytes: Buffer, report: (trouble: string) => void): Promise<boolean> {
  return new Promise((resolve) => {
    // A stream that fails emits 'error' beside the callback: without a listener it would end the process.
    const onError = (error: Error): void => finish(error);
    const finish = (error?: Error | null): void => {
      stream.off("error", onError);
      stream.off("close", onClose);
      if (error instanceof Error) report(`Cannot write to a stream: ${error.message}`);
      resolve(!(error instanceof Error));
    };
    const onClose = (): void => finish(new Error("it was closed"));
    stream.on("error", onError);
    stream.on("close", onClose);
    try {
      stream.write(bytes, (error) => finish(error));
    } catch (error) {
      finish(error as Error);
    }
  });
}
