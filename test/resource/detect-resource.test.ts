import { hostname } from "node:os";
import { Worker } from "node:worker_threads";
import { once } from "node:events";
import {
  defaultResource,
  detectResources,
  envDetector,
  hostDetector,
  osDetector,
  processDetector,
  resourceFromAttributes,
  serviceInstanceIdDetector,
} from "@opentelemetry/resources";
import { describe, expect, onTestFinished, test, vi } from "vitest";

import { createLogging, detectResource, FemtoLoggerProvider, type ResourceOptions } from "../../src/index.ts";
import { processFacts } from "../../src/resource/process-facts.ts";
import { troublesOfTest } from "../handlers/fixture.ts";
import { collect } from "../logger/collect.ts";

function withEnv(env: Readonly<Record<string, string>>): void {
  for (const [name, value] of Object.entries(env)) vi.stubEnv(name, value);
  onTestFinished(() => void vi.unstubAllEnvs());
}

function attributesOf(options: ResourceOptions = {}): Readonly<Record<string, unknown>> {
  return detectResource(options).attributes;
}

const UUID_V4 = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

describe("detectResource(): what is found out", () => {
  test("the same as by the detectors of the SDK, and nothing else but what they do not look for", async () => {
    withEnv({ OTEL_RESOURCE_ATTRIBUTES: "a=1,host.name=pod-7,b=%2C%C3%A9" });
    const detectors = [hostDetector, osDetector, processDetector, serviceInstanceIdDetector, envDetector];
    const stock = defaultResource().merge(detectResources({ detectors }));
    await stock.waitForAsyncAttributes?.();
    const own = attributesOf({ detectors: ["all"] });
    expect(own["os.description"]).toEqual(expect.any(String));
    const differing = ["service.instance.id", "telemetry.sdk.name", "telemetry.sdk.version"];
    const comparable = (attributes: Readonly<Record<string, unknown>>): unknown =>
      Object.fromEntries(Object.entries(attributes).filter(([key]) => !differing.includes(key)));
    const { "os.description": _description, "container.id": _container, ...rest } = own;
    expect(comparable(rest)).toEqual(comparable(stock.attributes));
    expect(own["service.instance.id"]).toMatch(UUID_V4);
    expect(own["telemetry.sdk.name"]).toBe("femtologging");
  });

  test("but for the command line, which may hold secrets: it must be asked for", () => {
    expect(attributesOf()).not.toHaveProperty(["process.command_args"]);
    expect(attributesOf({ detectors: ["host"] })).not.toHaveProperty(["process.command_args"]);
    expect(attributesOf({ detectors: ["process"] })["process.command_args"]).toContain(process.argv[1]);
    withEnv({ OTEL_NODE_RESOURCE_DETECTORS: "all" });
    expect(attributesOf()["process.command_args"]).toContain(process.argv[1]);
  });

  test("is there at once on Linux, and the same each time", () => {
    const first = detectResource();
    expect(first.asyncAttributesPending).toBe(process.platform !== "linux");
    expect(attributesOf()).toEqual(first.attributes);
    expect(first.attributes["service.instance.id"]).toBe(processFacts().instanceId);
  });

  test("is the same in a thread that is started later", async () => {
    const url = new URL("../../src/resource/detect-resource.ts", import.meta.url).href;
    processFacts();
    const worker = new Worker(
      `import(${JSON.stringify(url)}).then(({ ownResource }) =>
        require("node:worker_threads").parentPort.postMessage(ownResource().attributes))`,
      { eval: true, argv: ["something else"] },
    );
    const [attributes] = (await once(worker, "message")) as [Readonly<Record<string, unknown>>];
    expect(attributes).toEqual(attributesOf());
    expect(attributes["process.command"]).toBe(process.argv[1]);
  });

  test("is what loggers say by default", async () => {
    const { log, takeOne } = collect();
    log.info("x");
    expect((await takeOne()).resource.attributes).toEqual(attributesOf());
  });
});

describe("detectResource(): which detectors", () => {
  const keys = (options?: ResourceOptions): string[] =>
    [...new Set(Object.keys(attributesOf(options)).map((key) => key.split(".")[0] as string))].toSorted();

  test.each<[string, readonly string[]]>([
    ["all", ["host", "os", "process", "service", "telemetry"]],
    ["none", ["service", "telemetry"]],
    ["host", ["host", "service", "telemetry"]],
    ["env,os", ["os", "service", "telemetry"]],
    [" Process , OS ", ["os", "process", "service", "telemetry"]],
    ["none,all", ["host", "os", "process", "service", "telemetry"]],
    ["", ["host", "os", "process", "service", "telemetry"]],
    [",", ["host", "os", "process", "service", "telemetry"]],
  ])("OTEL_NODE_RESOURCE_DETECTORS=%j: %j", (text, groups) => {
    withEnv({ OTEL_NODE_RESOURCE_DETECTORS: text });
    expect(keys().filter((key) => key !== "container")).toEqual(groups);
  });

  test.each(["serviceinstance", "service"])("%s gives the id of the process", (name) => {
    withEnv({ OTEL_NODE_RESOURCE_DETECTORS: name });
    expect(attributesOf()["service.instance.id"]).toMatch(UUID_V4);
    withEnv({ OTEL_NODE_RESOURCE_DETECTORS: "host" });
    expect(attributesOf()).not.toHaveProperty(["service.instance.id"]);
  });

  test("an unknown name is said and ignored, the others hold; only unknown ones are as good as none", () => {
    const troubles = troublesOfTest();
    withEnv({ OTEL_NODE_RESOURCE_DETECTORS: "host,gcp" });
    expect(keys()).toEqual(["host", "service", "telemetry"]);
    expect(troubles).toEqual([
      expect.stringMatching(
        /^Cannot use "gcp" in .*OTEL_NODE_RESOURCE_DETECTORS: must be of all, none.*ignored/,
      ),
    ]);
    withEnv({ OTEL_NODE_RESOURCE_DETECTORS: "gcp" });
    expect(keys()).toContain("process");
  });

  test("the option wins over the variable", () => {
    withEnv({ OTEL_NODE_RESOURCE_DETECTORS: "none" });
    expect(keys({ detectors: ["host"] })).toEqual(["host", "service", "telemetry"]);
  });

  test("OTEL_RESOURCE_ATTRIBUTES counts whichever detectors there are", () => {
    withEnv({ OTEL_NODE_RESOURCE_DETECTORS: "none", OTEL_RESOURCE_ATTRIBUTES: "a=1" });
    expect(attributesOf()["a"]).toBe("1");
  });

  test.each([[["gcp"]], ["host"], [[{}]], [[null]]])("detectors %j are refused", (detectors) => {
    expect(() => detectResource({ detectors: detectors as never })).toThrow('"detectors"');
  });
});

describe("detectResource(): what counts", () => {
  const named = (name: string) => ({ detect: () => ({ attributes: { "service.name": name, by: name } }) });

  test.each<[Readonly<Record<string, string>>, ResourceOptions, string]>([
    [{}, { detectors: [] }, `unknown_service:${process.argv0}`],
    [{}, { detectors: [named("first"), named("second")] }, "second"],
    [{ OTEL_RESOURCE_ATTRIBUTES: "service.name=listed" }, { detectors: [named("found")] }, "listed"],
    [{ OTEL_RESOURCE_ATTRIBUTES: "service.name=listed", OTEL_SERVICE_NAME: "named" }, {}, "named"],
    [{ OTEL_SERVICE_NAME: "named" }, { attributes: { "service.name": "given" } }, "given"],
    [{ OTEL_SERVICE_NAME: "named" }, { attributes: { "service.name": undefined } }, "named"],
  ])("with %j and %o the service is %s", (env, options, name) => {
    withEnv(env);
    expect(attributesOf(options)["service.name"]).toBe(name);
  });

  test("nobody renames the SDK", () => {
    withEnv({ OTEL_RESOURCE_ATTRIBUTES: "telemetry.sdk.name=opentelemetry" });
    const attributes = { "telemetry.sdk.name": "opentelemetry" };
    const detectors = [{ detect: () => ({ attributes }) }];
    expect(attributesOf({ attributes, detectors })["telemetry.sdk.name"]).toBe("femtologging");
  });

  test("a faulty OTEL_RESOURCE_ATTRIBUTES is said, and ignored as a whole", () => {
    const troubles = troublesOfTest();
    withEnv({ OTEL_RESOURCE_ATTRIBUTES: "host.name=pod-7,secret" });
    expect(attributesOf()["host.name"]).toBe(hostname());
    expect(troubles).toEqual([expect.stringContaining("Cannot use OTEL_RESOURCE_ATTRIBUTES: pair 2")]);
  });
});

describe("detectResource(): detectors that take their time", () => {
  test("are started at once, and what they find wins when it is there", async () => {
    const found = Promise.withResolvers<string>();
    const detect = vi.fn(() => ({
      attributes: { "host.name": found.promise, "cloud.region": found.promise },
    }));
    const resource = detectResource({ detectors: ["host", { detect }] });
    expect(detect).toHaveBeenCalledTimes(1);
    expect(resource.asyncAttributesPending).toBe(true);
    expect(resource.attributes["host.name"]).toBe(hostname());
    expect(resource.attributes).not.toHaveProperty(["cloud.region"]);
    found.resolve("north");
    await resource.waitForAsyncAttributes();
    expect(resource.asyncAttributesPending).toBe(false);
    expect(resource.attributes).toMatchObject({ "host.name": "north", "cloud.region": "north" });
  });

  test("are not waited for by a call, but by the first export", async () => {
    const found = Promise.withResolvers<string>();
    const detectors = [{ detect: () => ({ attributes: { "cloud.region": found.promise } }) }];
    const { log, take } = collect({ resource: detectResource({ detectors }) });
    log.info("early");
    const records = take();
    found.resolve("north");
    expect((await records)[0]!.resource.attributes["cloud.region"]).toBe("north");
  });

  test("that fail are said, and leave out what they were to find", async () => {
    const troubles = troublesOfTest();
    const resource = detectResource({
      detectors: [
        { detect: () => ({ attributes: { a: Promise.reject(new Error("no metadata")), b: 1 } }) },
        {
          detect: () => {
            throw new Error("no cloud");
          },
        },
        { detect: () => ({}) },
      ],
    });
    await resource.waitForAsyncAttributes();
    expect(resource.attributes).toMatchObject({ b: 1 });
    expect(resource.attributes).not.toHaveProperty("a");
    expect(troubles).toEqual([
      "Cannot find out resource attributes by a detector: no cloud; left out",
      'Cannot find out the resource attribute "a": no metadata; left out',
    ]);
  });

  test("may be those of the SDK", async () => {
    const resource = detectResource({ detectors: [hostDetector] });
    await resource.waitForAsyncAttributes();
    expect(resource.attributes["host.id"]).toBe(attributesOf({ detectors: ["host"] })["host.id"]);
  });

  test("give the same as in the SDK, and go along with its processors", async () => {
    const detector = {
      detect: () => ({ attributes: { x: Promise.resolve(7), y: Promise.resolve(undefined) } }),
    };
    const stock = detectResources({ detectors: [detector] });
    const own = detectResource({ detectors: [detector] });
    await Promise.all([stock.waitForAsyncAttributes?.(), own.waitForAsyncAttributes()]);
    expect(own.attributes["x"]).toBe(stock.attributes["x"]);
    expect(own.attributes).not.toHaveProperty("y");
    expect(resourceFromAttributes(Object.fromEntries(own.getRawAttributes())).attributes["x"]).toBe(7);
    const provider = new FemtoLoggerProvider({ resource: own });
    await provider.shutdown();
    const logging = createLogging({ resource: own });
    await logging.shutdown();
  });
});
