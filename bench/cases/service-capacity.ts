/**
 * How many requests a second does the server of the service test answer on this machine without any logs? Does not show what it could do
 * alone: the load generator shares the machine.
 */
import { runCase } from "../case-program.ts";
import { LoadProcess } from "../service/load-process.ts";
import { OrderServer } from "../service/server.ts";
import { median } from "../statistics.ts";

/** Arguments of the case. */
export interface ServiceCapacityArguments {
  /** Requests before the clock starts. */
  readonly warmCount: number;
  /** Requests of a round. */
  readonly count: number;
  readonly rounds: number;
}

/** Users who wait for their answers: enough that the server always has one to serve. */
const CONCURRENCY = 16;

await runCase<ServiceCapacityArguments>(async ({ warmCount, count, rounds }) => {
  const server = await OrderServer.start(() => {}, 0);
  const load = new LoadProcess();
  const step = { kind: "closed", url: server.url, concurrency: CONCURRENCY } as const;
  await load.run({ ...step, count: warmCount });
  const rates: number[] = [];
  for (let round = 0; round < rounds; round++)
    rates.push((await load.run({ ...step, count })).requestsPerSecond);
  await load.stop();
  await server.stop();
  return {
    measures: { requestsPerSecond: median(rates) },
    recordCount: 0,
    checksum: "0",
    settings: `${CONCURRENCY} connections in use, no logger, median of ${rounds} rounds`,
  };
});
