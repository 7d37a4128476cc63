/** pino with our destination: its part of the call included, femtologging's file handler behind it. */
import { createLogging, FemtoFileHandler, FemtoLevelFilter, type FemtoFilter } from "femtologging";
import { pinoDestination } from "femtologging/pino";
import { pino } from "pino";

import { compileBurst } from "../sites.ts";
import { verifyLines } from "../verify.ts";
import { readFemtologgingLine } from "./femtologging.ts";
import { PINO_OPTIONS, PINO_SETTINGS, pinoCall } from "./pino.ts";
import type { OpenSubject, Subject, SubjectOptions } from "./subject.ts";

/** Lines go to the handler's thread as they are. */
export const openPinoBridge: OpenSubject = (options) => openBridge(options);

/** With a filter on the logger: each line is parsed by the call. */
export const openPinoBridgeFiltered: OpenSubject = (options) =>
  openBridge(options, new FemtoLevelFilter({ minimum: "INFO" }));

/** With a redaction that names none of its attributes: each line is parsed by the call too. */
export const openPinoBridgeRedact: OpenSubject = (options) => openBridge(options, undefined, ["password"]);

async function openBridge(
  { path, sites }: SubjectOptions,
  filter?: FemtoFilter,
  redact: readonly string[] = [],
): Promise<Subject> {
  const logging = createLogging({ handlers: [new FemtoFileHandler({ path })], redact });
  if (filter !== undefined) logging.getLogger("pino").addFilter(filter);
  const settle = (): Promise<void> => logging.flush();
  await settle();
  const filtered = filter === undefined ? "" : ", FemtoLevelFilter on its logger";
  const redacting = redact.length === 0 ? "" : `, redact: ${JSON.stringify(redact)}`;
  return {
    settings: `pinoDestination() of femtologging/pino, FemtoFileHandler({ path })${filtered}${redacting}, ${PINO_SETTINGS}`,
    burst: compileBurst(pino(PINO_OPTIONS, pinoDestination({ logging })), sites, pinoCall),
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
    verify: (logged) => verifyLines(path, { logged, sites, readLine: readFemtologgingLine }),
  };
}
