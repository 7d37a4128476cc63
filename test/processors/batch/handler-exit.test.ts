import { expect, test, vi } from "vitest";
import { HandlerEngine } from "../../../processors/batch/handler-engine.ts";
import { HandlerExit } from "../../../processors/batch/handler-exit.ts";
import { DRAIN_AND_END } from "../../../processors/queue/queue-layout.ts";
import { packedSource } from "../../../processors/worker/source-network.generated.ts";
import { unpackSource } from "../../../processors/worker/unpack-source.ts";
import { otlpHttpDescriptorOf } from "../../../src/handlers/otlp-http-choice.ts";
import { settingsOf } from "../../../src/handlers/settings.ts";
import { OTLP_HTTP_HANDLER_OPTIONS } from "../../../src/options/otlp-http-options.ts";
import { resolveOptions } from "../../../src/options/validate.ts";

/** A handler that logs nothing, so it connects to nobody. */
function makeEngine(): HandlerEngine {
  const given = { url: "http://127.0.0.1:1/v1/logs", exitTimeoutMillis: 60_000 };
  const subject = "handler of the test";
  const resolved = resolveOptions(OTLP_HTTP_HANDLER_OPTIONS, given, { subject });
  return new HandlerEngine(settingsOf(resolved, "otlp-http"), {
    source: unpackSource(packedSource),
    descriptor: { kind: "network", exporter: otlpHttpDescriptorOf(resolved, subject) },
  });
}

test("advance() waits for nothing when the thread has ended with an empty queue, its last flush unanswered", async () => {
  const engine = makeEngine();
  engine.demand(DRAIN_AND_END);
  await vi.waitUntil(() => engine.hasEnded, { timeout: 20_000 });
  const exit = new HandlerExit(engine);
  expect(exit.advance()).toBe(true);
  expect(exit.finish()).toEqual({ leftCount: 0, isStuck: false });
});
