import { CompressThread } from "../../processors/worker/compress-thread.ts";
import { source } from "../../processors/worker/source-compressing.generated.ts";
import type { LineParts } from "./line-outlet.ts";
import { lineOutlet } from "./line-outlet.ts";
import type { Fsync, SinkOutlet } from "./sink-outlet.ts";
import type { RotatingOptions } from "../rotating/options.ts";
import { RotatingSink } from "../rotating/rotating-sink.ts";

/** An outlet that writes lines to a file which is put away. A thread that compresses is started for the first file. */
export function rotatingOutlet(
  options: RotatingOptions,
  parts: LineParts & { readonly fsync: Fsync },
): SinkOutlet {
  const { report } = parts;
  const compressing = options.compress === "none" ? undefined : new CompressThread(source);
  return lineOutlet(new RotatingSink(options, { report, compressing }), parts);
}
