/** The server of the service test: node:http, some work on JSON, and records about it. */
import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { type EventLoopUtilization, monitorEventLoopDelay, performance } from "node:perf_hooks";
import { text } from "node:stream/consumers";

import type { Burst } from "../sites.ts";
import { answerOrder } from "./work.ts";

/** The event loop is looked at so often. */
const RESOLUTION_MILLIS = 1;
const NANOS_IN_MILLI = 1e6;

/** What the requests of a stretch of time have cost. */
export interface ServerCosts {
  readonly loopDelayMeanMillis: number;
  readonly loopDelayP99Millis: number;
  readonly loopDelayMaxMillis: number;
  /** Share of the time in which the event loop was busy, percent. */
  readonly utilizationPercent: number;
  /** Processor time of the whole process, all threads. */
  readonly cpuMicrosPerRequest: number;
  /** Of the thread that serves. */
  readonly mainCpuMicrosPerRequest: number;
}

/** What the clocks said when the measurement began. */
interface Readings {
  readonly utilization: EventLoopUtilization;
  readonly cpu: NodeJS.CpuUsage;
  readonly mainCpu: NodeJS.CpuUsage;
}

/** A server that logs `logsPerRequest` records for each request, half of them before its work is done. */
export class OrderServer {
  readonly #server: Server;
  readonly #burst: Burst;
  readonly #logsPerRequest: number;
  readonly #loopDelay = monitorEventLoopDelay({ resolution: RESOLUTION_MILLIS });
  #recordCount = 0;
  #requestCount = 0;
  #begin: Readings | undefined;

  private constructor(burst: Burst, logsPerRequest: number) {
    this.#burst = burst;
    this.#logsPerRequest = logsPerRequest;
    this.#server = createServer((request, response) => void this.#serve(request, response));
    this.#server.keepAliveTimeout = 60_000;
  }

  static async start(burst: Burst, logsPerRequest: number): Promise<OrderServer> {
    const server = new OrderServer(burst, logsPerRequest);
    server.#server.listen(0, "127.0.0.1");
    await once(server.#server, "listening");
    return server;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Records logged since the start. */
  get recordCount(): number {
    return this.#recordCount;
  }

  /** Begins to measure. */
  begin(): void {
    this.#requestCount = 0;
    this.#loopDelay.enable();
    this.#loopDelay.reset();
    this.#begin = {
      utilization: performance.eventLoopUtilization(),
      cpu: process.cpuUsage(),
      mainCpu: process.threadCpuUsage(),
    };
  }

  /** What was measured since `begin()`. @throws {Error} Another number of requests than `requestCount` was served. */
  end(requestCount: number): ServerCosts {
    if (this.#begin === undefined) throw new Error("Nothing was begun");
    const { utilization, cpu, mainCpu } = this.#begin;
    const spent = process.cpuUsage(cpu);
    const mainSpent = process.threadCpuUsage(mainCpu);
    if (this.#requestCount !== requestCount)
      throw new Error(`${requestCount} requests were sent, ${this.#requestCount} served`);
    const delayMillis = (nanos: number): number => Math.max(0, nanos / NANOS_IN_MILLI - RESOLUTION_MILLIS);
    return {
      loopDelayMeanMillis: delayMillis(this.#loopDelay.mean),
      loopDelayP99Millis: delayMillis(this.#loopDelay.percentile(99)),
      loopDelayMaxMillis: delayMillis(this.#loopDelay.max),
      utilizationPercent: performance.eventLoopUtilization(utilization).utilization * 100,
      cpuMicrosPerRequest: (spent.user + spent.system) / requestCount,
      mainCpuMicrosPerRequest: (mainSpent.user + mainSpent.system) / requestCount,
    };
  }

  async stop(): Promise<void> {
    this.#loopDelay.disable();
    this.#server.close();
    this.#server.closeAllConnections();
    await once(this.#server, "close");
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const half = this.#logsPerRequest >> 1;
    this.#log(half);
    const answer = answerOrder(await text(request));
    this.#log(this.#logsPerRequest - half);
    this.#requestCount++;
    response.writeHead(200, {
      "content-type": "application/json",
      "content-length": Buffer.byteLength(answer),
    });
    response.end(answer);
  }

  #log(count: number): void {
    const begin = this.#recordCount;
    this.#recordCount += count;
    this.#burst(begin, begin + count);
  }
}
