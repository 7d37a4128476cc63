import { describe, expect, test } from "vitest";

import { makeCertificate } from "../../receiver/certificate.ts";
import { startProxy, type ProxyServer } from "../../support/proxy-server.ts";
import { localhostCertificate } from "./localhost-certificate.ts";
import {
  batch,
  body,
  closed,
  senderTo,
  startRawServer,
  startServer,
  statuses,
  type OtlpServer,
} from "./otlp-server.ts";

const authorization = "Basic bWU6c2VjcmV0";
const tls = { ca: localhostCertificate };

function proxyOf({ port }: ProxyServer, scheme = "http") {
  return { proxy: { origin: `${scheme}://127.0.0.1:${port}`, authorization } };
}

function urlOf({ port }: OtlpServer, scheme: string): string {
  return `${scheme}://127.0.0.1:${port}/v1/logs?key=1`;
}

describe("through a proxy", () => {
  test("send() hands requests to http: URLs over whole, over connections that are kept", async () => {
    const server = await startServer(statuses(200));
    const proxy = await startProxy();
    const sender = senderTo(server, { ...proxyOf(proxy), url: urlOf(server, "http") });
    for (let count = 1; count <= 3; count += 1) expect((await sender.send(body, batch())).delivered).toBe(5);
    const [first] = proxy.requests;
    expect(first).toMatchObject({
      method: "POST",
      target: urlOf(server, "http"),
      headers: { host: `127.0.0.1:${server.port}`, "proxy-authorization": authorization },
    });
    expect(server.requests).toHaveLength(3);
    expect(server.requests[0]?.body).toEqual(body);
    expect(server.requests[0]?.headers).not.toHaveProperty("proxy-authorization");
  });

  test("send() has a tunnel to https: URLs, of which the proxy sees the address only, and keeps it", async () => {
    const server = await startServer(statuses(200), { tls: true });
    const proxy = await startProxy();
    const sender = senderTo(server, { ...proxyOf(proxy), tls, url: urlOf(server, "https") });
    for (let count = 1; count <= 3; count += 1) expect((await sender.send(body, batch())).delivered).toBe(5);
    expect(proxy.requests).toMatchObject([
      {
        method: "CONNECT",
        target: `127.0.0.1:${server.port}`,
        headers: { "proxy-authorization": authorization },
      },
    ]);
    expect(server.requests[0]?.path).toBe("/v1/logs?key=1");
    expect(server.requests[0]?.headers).not.toHaveProperty("proxy-authorization");
  });

  test.each(["http", "https"])(
    "send() reaches %s: URLs through a proxy that speaks TLS itself",
    async (scheme) => {
      const certificate = makeCertificate("proxy");
      const server = await startServer(statuses(200), { tls: scheme === "https" });
      const proxy = await startProxy({ tls: certificate });
      const ca = `${localhostCertificate}${certificate.cert}`;
      const sender = senderTo(server, {
        ...proxyOf(proxy, "https"),
        tls: { ca },
        url: urlOf(server, scheme),
      });
      expect((await sender.send(body, batch())).delivered).toBe(5);
      expect(proxy.requests).toHaveLength(1);
    },
  );

  test("send() checks the certificate of the peer at the end of a tunnel", async () => {
    const server = await startServer(statuses(200), { tls: true });
    const proxy = await startProxy();
    const sender = senderTo(server, { ...proxyOf(proxy), url: urlOf(server, "https") });
    const outcome = await sender.send(body, batch());
    expect(outcome).toMatchObject({ failed: 5, reason: "DEPTH_ZERO_SELF_SIGNED_CERT" });
    expect(server.requests).toHaveLength(0);
  });

  test.each([403, 407])(
    "send() gives up when the proxy refuses the tunnel with %i, and says nothing secret",
    async (status) => {
      const server = await startServer(statuses(200), { tls: true });
      const proxy = await startProxy({ refuse: () => status });
      const sender = senderTo(server, { ...proxyOf(proxy), tls, url: urlOf(server, "https") });
      const outcome = await sender.send(body, batch());
      expect(outcome).toMatchObject({ failed: 5, reason: "proxy_refused", error: { retryable: false } });
      expect(outcome.error?.message).toContain(
        `the proxy http://127.0.0.1:${proxy.port} does not connect us: status ${status}`,
      );
      expect(outcome.error?.message).not.toContain("bWU6c2VjcmV0");
      expect(proxy.requests).toHaveLength(1);
    },
  );

  test("send() gives up when the proxy refuses a request with 407", async () => {
    const server = await startServer(statuses(200));
    const proxy = await startProxy({ refuse: () => 407 });
    const outcome = await senderTo(server, proxyOf(proxy)).send(body, batch());
    expect(outcome).toMatchObject({ failed: 5, reason: "407" });
  });

  test.each(["http", "https"])("send() tries again when the proxy is busy: %s", async (scheme) => {
    const server = await startServer(statuses(200), { tls: scheme === "https" });
    const proxy = await startProxy({ refuse: (index) => (index < 2 ? 503 : undefined) });
    const sender = senderTo(server, { ...proxyOf(proxy), tls, url: urlOf(server, scheme) });
    expect((await sender.send(body, batch())).delivered).toBe(5);
    expect(proxy.requests).toHaveLength(3);
  });

  test("send() digs a new tunnel when the proxy has cut the old one", async () => {
    const server = await startServer(statuses(200), { tls: true });
    const proxy = await startProxy();
    const sender = senderTo(server, { ...proxyOf(proxy), tls, url: urlOf(server, "https") });
    expect((await sender.send(body, batch())).delivered).toBe(5);
    proxy.cut();
    expect((await sender.send(body, batch())).delivered).toBe(5);
    expect(proxy.requests.length).toBeGreaterThan(1);
  });

  test("send() names the proxy when nobody listens there", async () => {
    const { server, port } = await startRawServer(() => {});
    server.close();
    const proxy = { origin: `http://127.0.0.1:${port}`, authorization };
    const url = "https://collector.invalid/v1/logs";
    const sender = senderTo({ port }, { proxy, url, retryTimeoutMillis: 300 });
    const outcome = await sender.send(body, batch());
    expect(outcome).toMatchObject({ failed: 5, reason: "ECONNREFUSED", error: { retryable: true } });
    expect(outcome.error?.message).toContain(`no connection through the proxy http://127.0.0.1:${port}`);
  });

  test("send() ends an attempt when the proxy does not answer, and leaves no connection", async () => {
    const { port, sockets, connected } = await startRawServer(() => {});
    const proxy = { origin: `http://127.0.0.1:${port}`, authorization };
    const url = "https://collector.invalid/v1/logs";
    const sender = senderTo({ port }, { proxy, url, timeoutMillis: 300, retryTimeoutMillis: 600 });
    const outcome = await sender.send(body, batch());
    expect(outcome).toMatchObject({ failed: 5, reason: "timeout" });
    await connected(1);
    for (const socket of sockets) await closed(socket);
  });

  test("close() ends a tunnel that is being dug", async () => {
    const { port, sockets, connected } = await startRawServer(() => {});
    const proxy = { origin: `http://127.0.0.1:${port}`, authorization };
    const sender = senderTo({ port }, { proxy, url: "https://collector.invalid/v1/logs" });
    const sending = sender.send(body, batch());
    await connected(1);
    await sender.close();
    expect(await sending).toMatchObject({ failed: 5, reason: "shutdown" });
    await closed(sockets[0]!);
  });
});
