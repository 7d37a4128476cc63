/** The resource of a provider: as given, as detected, and as it becomes complete. */
import { diag, DiagLogLevel } from "@opentelemetry/api";
import { defaultResource, detectResources, resourceFromAttributes } from "@opentelemetry/resources";
import { InMemoryLogRecordExporter, SimpleLogRecordProcessor } from "@opentelemetry/sdk-logs";
import { expect, onTestFinished, test } from "vitest";

import { FemtoLoggerProvider } from "../../src/index.ts";
import { collectTrouble } from "../logger/collect.ts";
import { provide } from "./provide.ts";

/** What an SDK complains of from now to the end of the test. */
function collectDiag(): readonly string[] {
  const said: string[] = [];
  const say = (message: string): void => void said.push(message);
  diag.setLogger({ error: say, warn: say, info: say, debug: () => {}, verbose: () => {} }, DiagLogLevel.INFO);
  onTestFinished(() => {
    diag.disable();
  });
  return said;
}

/** A promise, and what makes it true. */
function later(): { readonly promise: Promise<string>; readonly resolve: (value: string) => void } {
  return Promise.withResolvers<string>();
}

test("without a resource, records come from this process", async () => {
  const { log, takeOne } = provide();
  log.info("x");
  expect((await takeOne()).resource.attributes).toMatchObject({
    "process.pid": process.pid,
    "process.runtime.name": "nodejs",
    "telemetry.sdk.name": "femtologging",
    "telemetry.sdk.language": "nodejs",
    "service.name": expect.stringMatching(/^unknown_service/) as string,
  });
});

test("a resource of the SDK is taken as it is, schema URL included", async () => {
  const resource = defaultResource().merge(
    resourceFromAttributes(
      { "service.name": "shop", "app.tags": ["a", "b"] },
      { schemaUrl: "https://schema" },
    ),
  );
  const { log, take } = provide({ resource });
  log.info("x");
  log.emit({});
  const [first, second] = await take();
  expect(first!.resource.attributes).toEqual(resource.attributes);
  expect(first!.resource.schemaUrl).toBe("https://schema");
  expect(second!.resource).toBe(first!.resource);
});

test("attributes may be all that a resource has", async () => {
  const { log, takeOne } = provide({ resource: { attributes: { "service.name": "shop", n: 2n } } });
  log.info("x");
  expect((await takeOne()).resource.attributes).toEqual({ "service.name": "shop", n: 2n });
});

test("an export waits for attributes that a detector finds out asynchronously, and nobody complains", async () => {
  const said = collectDiag();
  const found = later();
  const resource = detectResources({
    detectors: [{ detect: () => ({ attributes: { "host.id": found.promise } }) }],
  });
  const { log, take } = provide({ resource });
  log.info("early");
  const records = take();
  found.resolve("h1");
  expect((await records)[0]!.resource.attributes).toMatchObject({ "host.id": "h1" });
  log.info("later");
  expect((await take())[0]!.resource.attributes).toMatchObject({ "host.id": "h1" });
  expect(said).toEqual([]);
});

test("stock exporters behind our provider wait for asynchronous attributes too", async () => {
  const found = later();
  const resource = resourceFromAttributes({ "service.name": "shop", "host.id": found.promise });
  const exporter = new InMemoryLogRecordExporter();
  const provider = new FemtoLoggerProvider({
    resource,
    processors: [new SimpleLogRecordProcessor({ exporter })],
  });
  provider.getLogger("x").info("early");
  const flushed = provider.forceFlush();
  expect(exporter.getFinishedLogRecords()).toEqual([]);
  found.resolve("h1");
  await flushed;
  const [record] = exporter.getFinishedLogRecords();
  expect(record!.resource).toBe(resource);
  expect(record!.resource.attributes).toEqual({ "service.name": "shop", "host.id": "h1" });
  await provider.shutdown();
});

test("a resource that fails to become complete is exported with what it has", async () => {
  const trouble = collectTrouble();
  const resource = {
    attributes: { "service.name": "shop" },
    asyncAttributesPending: true,
    waitForAsyncAttributes: () => Promise.reject(new Error("no host")),
  };
  const { log, takeOne } = provide({ resource });
  log.info("x");
  expect((await takeOne()).resource.attributes).toEqual({ "service.name": "shop" });
  expect(trouble).toEqual([]);
});
