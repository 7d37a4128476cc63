/** Our handlers that send lines to a peer which counts them. */
import { createLogging, type FemtoHandler, FemtoHttpHandler, FemtoSysLogHandler } from "femtologging";

import type { SinkKind } from "../sink-process.ts";
import { compileBurst, type Site } from "../sites.ts";
import { femtologgingCall } from "./femtologging.ts";
import type { OtlpSubject } from "./otlp-subject.ts";

/** Name of a handler and its settings. */
export type SinkSubjectName = "http" | "syslog";

/** What each sends to. */
export const SINK_KINDS: Readonly<Record<SinkSubjectName, SinkKind>> = { http: "http", syslog: "stream" };

/** The caller waits when the queue is full: by default such records are dropped. */
const WAITING = { overflow: "block", blockTimeoutMillis: 60_000 } as const;

const SETTINGS: Readonly<Record<SinkSubjectName, string>> = {
  http: 'FemtoHttpHandler({ url, format: "ndjson", overflow: "block" }), all else default',
  syslog:
    'FemtoSysLogHandler({ transport: "tcp", host, port, framing: "newline", overflow: "block" }), all else default',
};

function makeHandler(name: SinkSubjectName, port: number): FemtoHandler {
  const host = "127.0.0.1";
  return name === "http"
    ? new FemtoHttpHandler({ ...WAITING, url: `http://${host}:${port}/`, format: "ndjson" })
    : new FemtoSysLogHandler({ ...WAITING, transport: "tcp", host, port, framing: "newline" });
}

/** Sets a handler up. */
export async function openSinkSubject(
  name: SinkSubjectName,
  { port, sites }: { readonly port: number; readonly sites: readonly Site[] },
): Promise<OtlpSubject> {
  const handler = makeHandler(name, port);
  const logging = createLogging({ handlers: [handler] });
  await handler.forceFlush();
  return {
    settings: SETTINGS[name],
    burst: compileBurst(logging.getLogger("bench.call"), sites, femtologgingCall),
    chunkSize: Number.POSITIVE_INFINITY,
    settle: () => handler.forceFlush(),
    finish: async () => {
      await handler.forceFlush();
      const { droppedTotal } = handler.stats();
      if (droppedTotal > 0) throw new Error(`The handler has dropped ${droppedTotal} records`);
    },
    close: () => logging.shutdown(),
  };
}
