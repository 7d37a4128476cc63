/**
 * How long, and how much processor time of the sender, until a receiver in another process has all records over TCP? Does not show a
 * network: the receiver is on loopback, counts frames or lines without looking into them, and takes a core of the same machine.
 */
import { runCase } from "../case-program.ts";
import type { SocketSubject, SocketSubjectOptions } from "../peers/socket-subject.ts";
import { logInChunks } from "../peers/subject.ts";
import { sitesOf } from "../sites.ts";
import { SocketReceiverProcess } from "../socket-receiver-process.ts";
import { Stopwatch } from "../stopwatch.ts";

/** Arguments of the case. */
export interface SocketArguments {
  readonly subject: "femtologging" | "femtologging-json" | "winston" | "log4js";
  /** Records before the clock starts. */
  readonly warmCount: number;
  readonly count: number;
}

async function open(
  subject: SocketArguments["subject"],
  options: SocketSubjectOptions,
): Promise<SocketSubject> {
  if (subject === "winston") return (await import("../peers/winston-socket.ts")).openWinstonSocket(options);
  if (subject === "log4js") return (await import("../peers/log4js-socket.ts")).openLog4jsSocket(options);
  const format = subject === "femtologging" ? "msgpack" : "json";
  return (await import("../peers/socket-subject.ts")).openFemtologgingSocket(options, format);
}

await runCase<SocketArguments>(async ({ subject: name, warmCount, count }) => {
  const receiver = await SocketReceiverProcess.start(name.startsWith("femtologging") ? "frames" : "lines");
  try {
    const subject = await open(name, { target: receiver.target, sites: sitesOf(false) });
    await logInChunks(subject, 0, warmCount);
    await subject.finish();
    const { bytes } = await receiver.expect(warmCount);
    const watch = new Stopwatch();
    await logInChunks(subject, warmCount, warmCount + count);
    await subject.finish();
    const received = await receiver.expect(warmCount + count);
    const time = watch.read(count);
    await subject.close();
    return {
      measures: { ...time, bytesPerRecord: (received.bytes - bytes) / count },
      recordCount: received.records,
      checksum: received.records.toString(16),
      settings: subject.settings,
    };
  } finally {
    await receiver.stop();
  }
});
