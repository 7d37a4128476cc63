import { writeStream } from "../../exporters/stream/write-stream.ts";
import type { LocalOutlet } from "../../processors/batch/settings.ts";
import { errorTypeOf } from "../../processors/worker/error-type.ts";
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
          const error = await writeStream(stream, Buffer.from(bytes));
          if (error === undefined) return { delivered: recordCount, rejected: 0, failed: 0 };
          report(`Cannot write to a stream: ${error.message}`);
          return { delivered: 0, rejected: 0, failed: recordCount, reason: errorTypeOf(error) };
        },
        forceFlush: () => Promise.resolve(),
        close: () => Promise.resolve(),
      },
    }),
  };
}
