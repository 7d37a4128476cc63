/** The configurations of examples/collector, as they are: checked, and run together. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { describe, expect, inject, test, vi } from "vitest";

import { FemtoOtlpHttpHandler } from "../../src/index.ts";
import type { Otelcol } from "../../examples/shop/otelcol.ts";
import { loggerOf, logNumbers, numbers } from "../contract/destination.ts";
import { endWithTest, troublesOfTest } from "../handlers/fixture.ts";
import { makeCertificate } from "../receiver/certificate.ts";
import { startNameServer } from "./name-server.ts";
import { examplePath, makeFolder, startOtelcol, writtenNumbers, writtenRecords } from "./collector.ts";

const TO_FILE = fileURLToPath(new URL("to-file.yaml", import.meta.url));
const LONG = { timeout: 60_000, interval: 20 };
const FREE_PORT = "127.0.0.1:0";

/** What `otelcol validate` says of a configuration. */
async function validate(path: string): Promise<{ readonly code: number | null; readonly said: string }> {
  const child = spawn(inject("otelcol"), ["validate", `--config=file:${path}`]);
  const closed = once(child, "close") as Promise<[number | null]>;
  const [said] = await Promise.all([text(child.stderr), text(child.stdout)]);
  const [code] = await closed;
  return { code, said };
}

describe("examples/collector", () => {
  test.for(["local.yaml", "agent.yaml", "gateway.yaml"])("the collector accepts %s", async (name) => {
    expect(await validate(examplePath(name))).toEqual({ code: 0, said: "" });
  });

  test("the collector refuses a configuration with a setting that it does not know", async () => {
    const path = join(makeFolder(), "wrong.yaml");
    const agent = readFileSync(examplePath("agent.yaml"), "utf8");
    writeFileSync(path, agent.replace("num_consumers", "consumers"));
    const { code, said } = await validate(path);
    expect(code).not.toBe(0);
    expect(said).toContain("consumers");
  });
});

interface AgentOptions {
  /** Where an earlier one was. */
  readonly httpEndpoint?: string | undefined;
  readonly settings?: Readonly<Record<string, string>>;
}

/** Both tiers in a folder: certificates, the agent's queue, and the files that gateways write in place of Kafka. */
class Tiers {
  readonly folder: string = makeFolder();
  readonly paths: string[] = [];
  readonly queue: string = join(this.folder, "queue");

  constructor() {
    const { cert, key } = makeCertificate("tiers");
    for (const [name, pem] of Object.entries({ ca: cert, cert, key }))
      writeFileSync(join(this.folder, `${name}.pem`), pem);
  }

  /** @param endpoint Where an earlier one was. */
  startGateway(endpoint: string = FREE_PORT): Promise<Otelcol> {
    const path = join(this.folder, `gateway-${this.paths.length}.jsonl`);
    this.paths.push(path);
    return startOtelcol({
      configs: [examplePath("gateway.yaml"), TO_FILE],
      settings: { "receivers.otlp.protocols.grpc.endpoint": endpoint },
      env: { OTEL_TLS: this.folder, OTEL_LOG_FILE: path },
    });
  }

  startAgent(
    gatewayEndpoint: string,
    { httpEndpoint = FREE_PORT, settings = {} }: AgentOptions = {},
  ): Promise<Otelcol> {
    return startOtelcol({
      configs: [examplePath("agent.yaml")],
      settings: {
        "receivers.otlp.protocols.http.endpoint": httpEndpoint,
        "receivers.otlp.protocols.grpc.endpoint": FREE_PORT,
        ...settings,
      },
      env: { OTEL_TLS: this.folder, OTEL_QUEUE: this.queue, OTEL_GATEWAY: gatewayEndpoint },
    });
  }

  /** Where nobody listens until a gateway is started there. */
  async endpointOfKilledGateway(): Promise<string> {
    const gateway = await this.startGateway();
    await gateway.kill();
    return String(gateway.grpcEndpoint);
  }

  /** Numbers that have arrived at each of the gateways by now. */
  arrivedAtEach(): number[][] {
    return this.paths.map((path) => (existsSync(path) ? writtenNumbers(writtenRecords(path)) : []));
  }

  /** Those of all gateways, in ascending order. */
  arrived(): number[] {
    return this.arrivedAtEach()
      .flat()
      .toSorted((one, other) => one - other);
  }
}

function handlerTo({ httpEndpoint }: Otelcol): FemtoOtlpHttpHandler {
  const url = `http://${String(httpEndpoint)}/v1/logs`;
  return endWithTest(
    new FemtoOtlpHttpHandler({ url, overflow: "block", blockTimeoutMillis: 60_000, retryTimeoutMillis: 0 }),
  );
}

describe("agent and gateway", () => {
  test("records come through both tiers, with TLS on both sides between them", async () => {
    const tiers = new Tiers();
    const gateway = await tiers.startGateway();
    const handler = handlerTo(await tiers.startAgent(String(gateway.grpcEndpoint)));
    logNumbers(loggerOf(handler), { to: 20_000 });
    await handler.forceFlush({ timeoutMillis: 60_000 });
    await vi.waitFor(() => expect(tiers.arrived()).toHaveLength(20_000), LONG);
    expect(tiers.arrived()).toEqual(numbers({ to: 20_000 }));
  });

  test("an agent that is killed while no gateway is up: what it answered for arrives afterwards", async () => {
    const tiers = new Tiers();
    const endpoint = await tiers.endpointOfKilledGateway();
    const agent = await tiers.startAgent(endpoint);
    const handler = handlerTo(agent);
    logNumbers(loggerOf(handler), { to: 10_000 });
    await handler.forceFlush({ timeoutMillis: 60_000 });
    expect(handler.stats()).toMatchObject({ delivered: 10_000, droppedTotal: 0 });
    await agent.kill();
    expect(tiers.arrived()).toEqual([]);

    await tiers.startAgent(endpoint);
    await tiers.startGateway(endpoint);
    await vi.waitFor(() => expect(new Set(tiers.arrived()).size).toBe(10_000), LONG);
    expect([...new Set(tiers.arrived())]).toEqual(numbers({ to: 10_000 }));
  });

  test("an agent that is killed in mid-stream and started again: nothing is lost", async () => {
    troublesOfTest();
    const tiers = new Tiers();
    const gateway = await tiers.startGateway();
    const endpoint = String(gateway.grpcEndpoint);
    const agent = await tiers.startAgent(endpoint);
    const handler = handlerTo(agent);
    const logger = loggerOf(handler);
    logNumbers(logger, { to: 20_000 });
    await vi.waitFor(() => expect(handler.stats().delivered).toBeGreaterThan(0), LONG);
    const killed = agent.kill();
    logNumbers(logger, { from: 20_000, to: 30_000 });
    await killed;

    await tiers.startAgent(endpoint, { httpEndpoint: agent.httpEndpoint });
    await handler.forceFlush({ timeoutMillis: 60_000 });
    expect(handler.stats()).toMatchObject({ delivered: 30_000, droppedTotal: 0 });
    await vi.waitFor(() => expect(new Set(tiers.arrived()).size).toBe(30_000), LONG);
  });

  test("an agent whose queue is full refuses, and gets the records when the gateway is back", async () => {
    const troubles = troublesOfTest();
    const tiers = new Tiers();
    const endpoint = await tiers.endpointOfKilledGateway();
    const settings = { "exporters.otlp_grpc/gateway.sending_queue.queue_size": "1_000_000" };
    const handler = handlerTo(await tiers.startAgent(endpoint, { settings }));
    logNumbers(loggerOf(handler), { to: 30_000 });
    await vi.waitFor(
      () => expect(troubles.join("\n")).toMatch(/status 503 .*queue is full.*tried again/),
      LONG,
    );
    expect(handler.stats().droppedTotal).toBe(0);

    await tiers.startGateway(endpoint);
    await handler.forceFlush({ timeoutMillis: 60_000 });
    await vi.waitFor(() => expect(tiers.arrived()).toHaveLength(30_000), LONG);
    expect(tiers.arrived()).toEqual(numbers({ to: 30_000 }));
  });

  // Only Linux listens on all of 127.0.0.0/8.
  test.runIf(process.platform === "linux")(
    "an agent sends to all gateways behind a name, and goes on with the others when one is killed",
    async () => {
      const tiers = new Tiers();
      const first = await tiers.startGateway("127.0.0.1:0");
      const [, port] = String(first.grpcEndpoint).split(":");
      await tiers.startGateway(`127.0.0.2:${String(port)}`);
      const nameServer = await startNameServer(["127.0.0.1", "127.0.0.2"]);
      const agent = await tiers.startAgent(`dns://127.0.0.1:${nameServer}/gateway.test:${String(port)}`, {
        settings: { "exporters.otlp_grpc/gateway.tls.server_name_override": "localhost" },
      });
      const handler = handlerTo(agent);
      const logger = loggerOf(handler);
      let count = 0;
      await vi.waitFor(() => {
        logNumbers(logger, { from: count, to: (count += 1_000) });
        for (const numbersOfOne of tiers.arrivedAtEach()) expect(numbersOfOne).not.toEqual([]);
      }, LONG);

      await first.kill();
      logNumbers(logger, { from: count, to: (count += 10_000) });
      await handler.forceFlush({ timeoutMillis: 60_000 });
      await vi.waitFor(() => expect(new Set(tiers.arrived()).size).toBe(count), LONG);
    },
  );
});
