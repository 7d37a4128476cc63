import { expect, test } from "vitest";

import { grpcTarget } from "../../../exporters/otlp-grpc/target.ts";

test.each([
  ["http://localhost:4317", "dns:localhost:4317", false, "http://localhost:4317"],
  ["http://collector", "dns:collector:80", false, "http://collector"],
  ["https://collector", "dns:collector:443", true, "https://collector"],
  ["https://u:p@collector:5000/path?q", "dns:collector:5000", true, "https://collector:5000"],
  ["http://[::1]:4317", "dns:[::1]:4317", false, "http://[::1]:4317"],
  ["collector:4317", "dns:collector:4317", true, "collector:4317"],
  ["collector", "dns:collector:4317", true, "collector:4317"],
  ["127.0.0.1:80", "dns:127.0.0.1:80", true, "127.0.0.1:80"],
  ["unix:/run/otel.sock", "unix:/run/otel.sock", false, "unix:/run/otel.sock"],
  ["unix:///run/o%20tel.sock", "unix:/run/o tel.sock", false, "unix:/run/o tel.sock"],
])("grpcTarget() of %s is %s", (url, name, isSecure, shownUrl) => {
  expect(grpcTarget(url, false)).toMatchObject({ name, isSecure, shownUrl });
});

test("grpcTarget() heeds insecure only where there is no scheme", () => {
  expect(grpcTarget("collector:4317", true).isSecure).toBe(false);
  expect(grpcTarget("https://collector:4317", true).isSecure).toBe(true);
  expect(grpcTarget("http://collector:4317", false).isSecure).toBe(false);
});

test("grpcTarget() names the host for TLS without brackets", () => {
  expect(grpcTarget("https://[::1]:4317", false).host).toBe("::1");
  expect(grpcTarget("[::1]:4317", false)).toMatchObject({ host: "::1", name: "dns:[::1]:4317" });
});

test("grpcTarget() makes Basic credentials of a user", () => {
  const authorization = `Basic ${Buffer.from("a b:100%").toString("base64")}`;
  expect(grpcTarget("http://a%20b:100%@collector", false).authorization).toBe(authorization);
  expect(grpcTarget("http://collector", false).authorization).toBeUndefined();
});
