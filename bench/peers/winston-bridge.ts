/** winston with our transport, and a file handler as it comes, JSON lines. */
import { setImmediate as nextTurn } from "node:timers/promises";

import { createLogging, FemtoFileHandler } from "femtologging";
import { FemtoWinstonTransport } from "femtologging/winston";
import { createLogger, format, type Logform } from "winston";

import { compileBurst } from "../sites.ts";
import { verifyLines } from "../verify.ts";
import { femtologgingCall, readFemtologgingLine } from "./femtologging.ts";
import type { OpenSubject, Subject, SubjectOptions } from "./subject.ts";

/** As winston's own transport has it: both get the same turns of the event loop. */
const CHUNK_SIZE = 100;

/** `splat()` in place of winston's default, JSON: lines and times are the handler's business. */
export const openWinstonBridge: OpenSubject = (options) =>
  open(options, { format: format.splat(), formatText: "splat()" });

/** With the formats that the File transport is measured with: an application that has only changed its transport. */
export const openWinstonBridgeFormats: OpenSubject = (options) =>
  open(options, {
    format: format.combine(format.timestamp(), format.json()),
    formatText: "combine(timestamp(), json())",
  });

async function open(
  { path, sites }: SubjectOptions,
  formats: { readonly format: Logform.Format; readonly formatText: string },
): Promise<Subject> {
  const logging = createLogging({ handlers: [new FemtoFileHandler({ path })] });
  await logging.flush();
  const log = createLogger({
    level: "info",
    format: formats.format,
    defaultMeta: { name: "bench.call" },
    transports: [new FemtoWinstonTransport({ logging })],
  });
  return {
    settings: `FemtoWinstonTransport, FemtoFileHandler({ path }), ${formats.formatText}, a turn of the event loop after each ${CHUNK_SIZE} records`,
    burst: compileBurst(log, sites, femtologgingCall),
    chunkSize: CHUNK_SIZE,
    settle: async () => {
      await nextTurn();
    },
    finish: async () => {
      await logging.flush();
      for (const [name, stats] of Object.entries(logging.stats())) {
        if (stats.droppedTotal > 0)
          throw new Error(`Handler "${name}" has dropped ${stats.droppedTotal} records`);
      }
    },
    close: () => logging.shutdown(),
    verify: (logged) => verifyLines(path, { logged, sites, readLine: readFemtologgingLine }),
  };
}
