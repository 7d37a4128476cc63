/**
 * What do logs do to the latency of an HTTP server at half of its load, and to its event loop? Requests come at times that nothing slows
 * down, and their latency counts from when they were due. Does not show a server with cores to spare: the load generator, the server and
 * the threads and receivers behind it share those of the machine. Does not show a network, or a disk.
 */
import { runCase } from "../case-program.ts";
import { LoadProcess } from "../service/load-process.ts";
import { OrderServer } from "../service/server.ts";
import { openServiceSubject, type ServiceSubjectName } from "../service/subjects.ts";

/** Arguments of the case. */
export interface ServiceArguments {
  readonly subject: ServiceSubjectName;
  readonly logsPerRequest: number;
  /** Of the open load: half of what the server does without logs. */
  readonly ratePerSecond: number;
  /** Requests before the clock starts: as fast as the server can, then at the rate. */
  readonly warmCount: number;
  readonly seconds: number;
}

const WARM_CONCURRENCY = 8;
const WARM_SECONDS_SHARE = 0.2;
const SEED = 0x0a11_0ca7;

await runCase<ServiceArguments>(async (args, { directory }) => {
  const { ratePerSecond, logsPerRequest } = args;
  const subject = await openServiceSubject(args.subject, directory);
  const server = await OrderServer.start(subject.burst, logsPerRequest);
  const load = new LoadProcess();
  const { url } = server;
  const count = Math.round(ratePerSecond * args.seconds);
  const warmOpenCount = Math.ceil(count * WARM_SECONDS_SHARE);
  await load.run({ kind: "closed", url, count: args.warmCount, concurrency: WARM_CONCURRENCY });
  await load.run({ kind: "open", url, count: warmOpenCount, ratePerSecond, seed: SEED + 1 });
  server.begin();
  const { latency, partP99, sendDelay } = await load.run({
    kind: "open",
    url,
    count,
    ratePerSecond,
    seed: SEED,
  });
  const costs = server.end(count);
  await load.stop();
  await server.stop();
  await subject.finish();
  await subject.close();
  const recordCount = (args.warmCount + warmOpenCount + count) * logsPerRequest;
  return {
    measures: {
      p50Millis: latency.p50,
      p99Millis: latency.p99,
      partP99Millis: partP99,
      p999Millis: latency.p999,
      maxMillis: latency.max,
      ...costs,
      sendDelayP99Millis: sendDelay.p99,
      requestsPerSecond: ratePerSecond,
    },
    recordCount: args.subject === "none" ? 0 : recordCount,
    checksum: await subject.verify(recordCount),
    settings: `${logsPerRequest} logs a request, ${ratePerSecond} requests/s, no waiting for the logger; ${subject.settings}`,
  };
});
