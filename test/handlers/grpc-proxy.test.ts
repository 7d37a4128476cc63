import { expect, test } from "vitest";

import { chooseGrpcProxy } from "../../src/handlers/grpc-proxy.ts";
import { troublesOfTest } from "./fixture.ts";

const subject = 'handler "otlp-grpc"';

test.each([
  ["collector:4317", true, { HTTPS_PROXY: "http://p:1" }, "http://p:1"],
  ["collector:4317", false, { HTTPS_PROXY: "http://p:1", http_proxy: "p:2" }, "http://p:2"],
  ["https://collector", true, { grpc_proxy: "http://p:3", https_proxy: "http://p:1" }, "http://p:3"],
  ["http://collector:4317", false, { grpc_proxy: "http://p:3" }, "http://p:3"],
  ["http://collector:4317", false, { grpc_proxy: "http://p:3", NO_PROXY: "collector" }, undefined],
  ["http://a.b:4317", false, { http_proxy: "http://p:3", no_grpc_proxy: "b", no_proxy: "c" }, undefined],
  ["http://localhost:4317", false, { grpc_proxy: "http://p:3" }, undefined],
  ["unix:/run/otel.sock", false, { grpc_proxy: "http://p:3" }, undefined],
  ["collector:4317", true, {}, undefined],
])("chooseGrpcProxy() of %s (TLS: %s) with %o", (url, isSecure, env, origin) => {
  expect(chooseGrpcProxy(undefined, { url, isSecure, subject, env })?.origin).toBe(origin);
});

test("chooseGrpcProxy() heeds what is given, and false for none", () => {
  const context = { url: "collector:4317", isSecure: true, subject, env: { grpc_proxy: "http://p:3" } };
  expect(chooseGrpcProxy("http://me:x@q:4", context)).toEqual({
    origin: "http://q:4",
    authorization: `Basic ${Buffer.from("me:x").toString("base64")}`,
  });
  expect(chooseGrpcProxy(false, context)).toBeUndefined();
});

test("chooseGrpcProxy() reports a proxy of the environment that gRPC cannot use, and goes without", () => {
  const troubles = troublesOfTest();
  const env = { https_proxy: "https://me:secret@p:1" };
  expect(chooseGrpcProxy(undefined, { url: "collector", isSecure: true, subject, env })).toBeUndefined();
  expect(troubles.join()).toContain("Cannot use the proxy https://p:1 of the environment for");
  expect(troubles.join()).not.toContain("secret");
});
