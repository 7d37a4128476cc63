/** femtologging as it comes: file handlers with the default queue (4 MiB), JSON lines, a worker each. */
import { createLogging, FemtoFileHandler } from "femtologging";

import { compileBurst, type CallSource } from "../sites.ts";
import { type LineReader, verifyLines } from "../verify.ts";
import type { Subject, SubjectOptions } from "./subject.ts";

export const femtologgingCall: CallSource = (text, attributes) => `log.info(${text}, ${attributes})`;

/** Reads a line of JSON. */
export const readFemtologgingLine: LineReader = (line) => {
  const attributes = JSON.parse(line) as Record<string, unknown>;
  return { message: attributes["msg"], attributes };
};

/** A logger with `handlerCount` file handlers: the first writes to `path`, the others beside it. */
export async function openFemtologging(
  options: SubjectOptions,
  handlerCount = 1,
  {
    redact = [],
    bound,
  }: { readonly redact?: readonly string[]; readonly bound?: Record<string, string> } = {},
): Promise<Subject> {
  const { sites } = options;
  const paths = Array.from({ length: handlerCount }, (_, index) =>
    index === 0 ? options.path : `${options.path}.${index}`,
  );
  const logging = createLogging({ handlers: paths.map((path) => new FemtoFileHandler({ path })), redact });
  const logger = logging.getLogger("bench.call");
  const redacting = redact.length === 0 ? "" : `, redact: ${JSON.stringify(redact)}`;
  const settle = (): Promise<void> => logging.flush();
  await settle();
  return {
    settings: `FemtoFileHandler({ path }), all else default${handlerCount === 1 ? "" : `, ${handlerCount} of them`}${redacting}${bound === undefined ? "" : `, with(${JSON.stringify(bound)})`}`,
    burst: compileBurst(bound === undefined ? logger : logger.with(bound), sites, femtologgingCall),
    chunkSize: Number.POSITIVE_INFINITY,
    settle,
    finish: async () => {
      await settle();
      for (const [name, stats] of Object.entries(logging.stats())) {
        if (stats.droppedTotal > 0)
          throw new Error(`Handler "${name}" has dropped ${stats.droppedTotal} records`);
      }
    },
    close: () => logging.shutdown(),
    verify: (logged) =>
      paths.map((path) => verifyLines(path, { logged, sites, readLine: readFemtologgingLine })).join(","),
  };
}

/** One file handler, and a redaction that names none of the attributes. */
export function openFemtologgingRedact(options: SubjectOptions): Promise<Subject> {
  return openFemtologging(options, 1, { redact: ["password", "**.token"] });
}

/** The same, with a bound attribute that it names: each record is written twice. */
export function openFemtologgingRedacted(options: SubjectOptions): Promise<Subject> {
  return openFemtologging(options, 1, { redact: ["password", "**.token"], bound: { password: "secret" } });
}

/** One file handler. */
export function openFemtologgingFile(options: SubjectOptions): Promise<Subject> {
  return openFemtologging(options);
}
