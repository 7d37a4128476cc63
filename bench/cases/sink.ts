/**
 * How long, and how much processor time of the sender, until a process that only counts lines has all records, by plain HTTP or by
 * syslog? Does not show a network: the peer is on loopback, answers at once, reads nothing of a line, and takes a core of the same machine.
 */
import { runCase } from "../case-program.ts";
import { openSinkSubject, SINK_KINDS, type SinkSubjectName } from "../peers/sink-subject.ts";
import { logInChunks } from "../peers/subject.ts";
import { SinkProcess } from "../sink-process.ts";
import { sitesOf } from "../sites.ts";
import { Stopwatch } from "../stopwatch.ts";

/** Arguments of the case. */
export interface SinkArguments {
  readonly subject: SinkSubjectName;
  /** Records before the clock starts. */
  readonly warmCount: number;
  readonly count: number;
}

await runCase<SinkArguments>(async ({ subject: name, warmCount, count }) => {
  const sink = await SinkProcess.start(SINK_KINDS[name]);
  try {
    const subject = await openSinkSubject(name, { port: sink.port, sites: sitesOf(false) });
    await logInChunks(subject, 0, warmCount);
    await subject.finish();
    const { bytes } = await sink.expect(warmCount);
    const watch = new Stopwatch();
    await logInChunks(subject, warmCount, warmCount + count);
    await subject.finish();
    const received = await sink.expect(warmCount + count);
    const time = watch.read(count);
    await subject.close();
    return {
      measures: { ...time, bytesPerRecord: (received.bytes - bytes) / count },
      recordCount: received.records,
      checksum: received.records.toString(16),
      settings: subject.settings,
    };
  } finally {
    await sink.stop();
  }
});
