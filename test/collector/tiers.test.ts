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

/** Both tiers in a folder: certificates, the agent's queue, and the file that the gateway writes in place of Kafka. */
class Tiers {
  readonly folder: string = makeFolder();
  readonly path: string = join(this.folder, "gateway.jsonl");
  readonly queue: string = join(this.folder, "queue");

  constructor() {
    const { cert, key } = makeCertificate("tiers");
    for (const [name, pem] of Object.entries({ ca: cert, cert, key }))
      writeFileSync(join(this.folder, `${name}.pem`), pem);
  }

  /** @param endpoint Where an earlier one was. */
  startGateway(endpoint: string = FREE_PORT): Promise<Otelcol> {
    return startOtelcol({
      configs: [examplePath("gateway.yaml"), TO_FILE],
      settings: { "receivers.otlp.protocols.grpc.endpoint": endpoint },
      env: { OTEL_TLS: this.folder, OTEL_LOG_FILE: this.path },
    });
  }

  startAgent(gatewayEndpoint: string, httpEndpoint: string = FREE_PORT): Promise<Otelcol> {
    return startOtelcol({
      configs: [examplePath("agent.yaml")],
      settings: {
        "receivers.otlp.protocols.http.endpoint": httpEndpoint,
        "receivers.otlp.protocols.grpc.endpoint": FREE_PORT,
      },
      env: { OTEL_TLS: this.folder, OTEL_QUEUE: this.queue, OTEL_GATEWAY: gatewayEndpoint },
    });
  }

  /** Numbers that have arrived by now, in ascending order. */
  arrived(): number[] {
    if (!existsSync(this.path)) return [];
    return writtenNumbers(writtenRecords(this.path)).toSorted((one, other) => one - other);
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
    // A port that nobody has in the meantime: the gateway's own, from before.
    const before = await tiers.startGateway();
    const endpoint = String(before.grpcEndpoint);
    await before.kill();

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

    await tiers.startAgent(endpoint, agent.httpEndpoint);
    await handler.forceFlush({ timeoutMillis: 60_000 });
    expect(handler.stats()).toMatchObject({ delivered: 30_000, droppedTotal: 0 });
    await vi.waitFor(() => expect(new Set(tiers.arrived()).size).toBe(30_000), LONG);
  });
});
