/** winston with its Stream transport on a TCP socket, JSON lines with a timestamp. */
import { once } from "node:events";
import { connect } from "node:net";
import { setImmediate as nextTurn } from "node:timers/promises";

import { createLogger, format, transports } from "winston";

import { compileBurst, type CallSource } from "../sites.ts";
import type { SocketSubject, SocketSubjectOptions } from "./socket-subject.ts";

/** More at once wait in streams of objects, which takes twice as long. */
const CHUNK_SIZE = 100;

const call: CallSource = (text, attributes) => `log.info(${text}, ${attributes})`;

/** The transport does not wait for its stream, so this does: else records would only fill memory. */
export async function openWinstonSocket({ target, sites }: SocketSubjectOptions): Promise<SocketSubject> {
  const socket = connect(target);
  await once(socket, "connect");
  socket.setNoDelay(true);
  const stream = new transports.Stream({ stream: socket });
  const log = createLogger({
    level: "info",
    format: format.combine(format.timestamp(), format.json()),
    defaultMeta: { name: "bench.call" },
    transports: [stream],
  });
  const counts = { begun: 0, written: 0 };
  stream.on("logged", () => counts.written++);
  const burst = compileBurst(log, sites, call);
  const settle = async (): Promise<void> => {
    while (counts.written < counts.begun) await nextTurn();
    if (socket.writableNeedDrain) await once(socket, "drain");
  };
  return {
    settings: `transports.Stream on a net.Socket, combine(timestamp(), json()), caught up with after each ${CHUNK_SIZE} records`,
    burst: (begin: number, end: number) => {
      burst(begin, end);
      counts.begun = end;
    },
    chunkSize: CHUNK_SIZE,
    settle,
    finish: settle,
    close: async () => {
      const closed = once(socket, "close");
      socket.end();
      await closed;
    },
  };
}
