/** Beside @opentelemetry/sdk-node, both ways: our handlers in its provider, and our provider with its traces. */
import { describe, expect, test } from "vitest";

import { OtlpReceiver } from "../../src/receiver/index.ts";
import { API, API_LOGS, makeRegistered, messagesOf, REGISTER } from "./registered-application.ts";

const SDK_NODE = "@opentelemetry/sdk-node";

/** What starts the SDK, and a span that something is logged in. */
const KINDS = [
  {
    file: "app.mjs",
    start: `
      import { logs, trace } from "${API}";
      import { logs as legacy } from "${API_LOGS}";
      import { NodeSDK } from "${SDK_NODE}";
      import * as femto from "femtologging";
    `,
  },
  {
    file: "app.cjs",
    start: `
      const { logs, trace } = require("${API}");
      const { logs: legacy } = require("${API_LOGS}");
      const { NodeSDK } = require("${SDK_NODE}");
      const femto = require("femtologging");
    `,
  },
];

const SPAN = `
  trace.getTracer("t").startActiveSpan("work", async (span) => {
    console.error("span " + span.spanContext().traceId);
    await Promise.resolve();
    early.emit({ body: "early", severityNumber: 9 });
    logs.getLogger("api").emit({ body: "api", severityNumber: 9 });
    span.end();
  });
`;

/** Spans are recorded, and go nowhere. */
const TRACES =
  "spanProcessors: [{ onStart() {}, onEnd() {}, forceFlush: async () => {}, shutdown: async () => {} }]";

describe.each(KINDS)("$file", ({ file, start }) => {
  test("our handler as a log record processor of NodeSDK has its records, with their spans", async () => {
    await using receiver = await OtlpReceiver.start();
    const folder = await makeRegistered(
      {
        [file]: `${start}
          const early = logs.getLogger("early");
          const handler = new femto.FemtoOtlpHttpHandler({ url: process.env.URL });
          const sdk = new NodeSDK({ ${TRACES}, metricReaders: [], logRecordProcessors: [handler] });
          sdk.start();
          ${SPAN}
          process.once("beforeExit", () => sdk.shutdown());
        `,
      },
      [SDK_NODE],
    );
    const { code, stderr } = await folder.run({
      args: [file],
      env: { URL: receiver.url, OTEL_SERVICE_NAME: "shop" },
    });
    const traceId = /^span ([0-9a-f]{32})$/m.exec(stderr)?.[1];
    expect(code).toBe(0);
    expect(receiver.records.map(({ body }) => body)).toEqual(["early", "api"]);
    expect(receiver.records.map((record) => record.traceId)).toEqual([traceId, traceId]);
    expect(receiver.records[0]?.resource.attributes.get("service.name")).toBe("shop");
  });

  test("our provider, registered first, stays beside NodeSDK, and its records have the spans of it", async () => {
    const folder = await makeRegistered(
      {
        [file]: `${start}
          const early = logs.getLogger("early");
          const sdk = new NodeSDK({ ${TRACES}, metricReaders: [] });
          sdk.start();
          ${SPAN}
          legacy.getLogger("legacy").emit({ body: "legacy" });
          femto.getLogger("own").info("own");
          process.once("beforeExit", () => sdk.shutdown());
        `,
      },
      [SDK_NODE],
    );
    const { code, stdout, stderr } = await folder.run({
      args: ["--import", REGISTER, file],
      env: { OTEL_LOGS_EXPORTER: "console" },
    });
    const traceId = /^span ([0-9a-f]{32})$/m.exec(stderr)?.[1];
    expect(code).toBe(0);
    expect(messagesOf(stdout).toSorted()).toEqual(["api", "early", "legacy", "own"]);
    expect(stdout.match(new RegExp(`"trace_id":"${traceId}"`, "g"))).toHaveLength(2);
    expect(stderr).toBe(`span ${traceId}\n`);
  });
});

test("NodeSDK that was started before stays the provider: said, with what to do, and its records go on", async () => {
  await using receiver = await OtlpReceiver.start();
  const folder = await makeRegistered(
    {
      "otel.mjs": `
        import { NodeSDK } from "${SDK_NODE}";
        const sdk = new NodeSDK({ spanProcessors: [], metricReaders: [] });
        sdk.start();
        process.once("beforeExit", () => sdk.shutdown());
      `,
    },
    [SDK_NODE],
  );
  const { code, stderr } = await folder.run({
    args: ["--import", "./otel.mjs", "--import", REGISTER, "app.mjs"],
    env: { OTEL_EXPORTER_OTLP_LOGS_ENDPOINT: receiver.url },
  });
  expect(code).toBe(0);
  expect(stderr).toContain("Another logger provider is registered already with @opentelemetry/api");
  const bodies = receiver.records.map(({ body }) => body);
  expect([bodies.length, new Set(bodies)]).toEqual([3, new Set(["from api", "from legacy", "from own"])]);
});
