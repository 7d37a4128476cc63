import { once } from "node:events";
import { createServer as createTlsServer } from "node:https";
import type { AddressInfo } from "node:net";
import { gunzipSync } from "node:zlib";
import { describe, expect, onTestFinished, test } from "vitest";
import type { HttpSenderOptions } from "../../../exporters/http/sender-options.ts";
import { createHttpSender } from "../../../exporters/http/sender.ts";
import type { BatchSender } from "../../../exporters/sender.ts";
import { makeCertificate } from "../../receiver/certificate.ts";
import { localhostCertificate, localhostKey } from "../otlp-http/localhost-certificate.ts";
import { batch, closed, startRawServer, startServer, statuses } from "../otlp-http/otlp-server.ts";

const body = Buffer.from("name=shop&msg=two+words");

function senderTo(peer: { readonly port: number }, options: Partial<HttpSenderOptions> = {}): BatchSender {
  const sender = createHttpSender({
    url: `http://127.0.0.1:${peer.port}/logs`,
    method: "POST",
    format: "json-array",
    headers: {},
    compression: "none",
    timeoutMillis: 20_000,
    retryTimeoutMillis: 20_000,
    maxConcurrentRequests: 2,
    backoffMillis: 1,
    ...options,
  });
  onTestFinished(() => sender.close());
  return sender;
}

describe("createHttpSender(): requests", () => {
  test.each([
    ["json-array", "application/json"],
    ["json", "application/json"],
    ["ndjson", "application/x-ndjson"],
    ["form", "application/x-www-form-urlencoded"],
  ] as const)("%s is posted as %s", async (format, contentType) => {
    const server = await startServer(statuses(204));
    expect((await senderTo(server, { format }).send(body, batch())).delivered).toBe(5);
    const [request] = server.requests;
    expect(request).toMatchObject({ method: "POST", path: "/logs", body });
    expect(request?.headers).toMatchObject({
      "content-type": contentType,
      "content-length": String(body.length),
      "user-agent": expect.stringMatching(/^femtologging\/\d+\.\d+\.\d+$/),
    });
  });

  test.each([
    ["", "/logs?name=shop&msg=two+words"],
    ["?key=1", "/logs?key=1&name=shop&msg=two+words"],
  ])("a GET has the form in its query, after %j", async (query, path) => {
    const server = await startServer(statuses(200));
    const url = `http://127.0.0.1:${server.port}/logs${query}`;
    const sender = senderTo(server, { method: "GET", format: "form", url, compression: "gzip" });
    expect((await sender.send(body, batch())).delivered).toBe(5);
    const [request] = server.requests;
    expect(request).toMatchObject({ method: "GET", path });
    expect(request?.body).toHaveLength(0);
    expect(Object.keys(request?.headers ?? {})).not.toContain("content-type");
    expect(Object.keys(request?.headers ?? {})).not.toContain("content-encoding");
  });

  test("a body is compressed when asked for", async () => {
    const server = await startServer(statuses(200));
    await senderTo(server, { compression: "gzip" }).send(body, batch());
    const [request] = server.requests;
    expect(request?.headers["content-encoding"]).toBe("gzip");
    expect(gunzipSync(request?.body ?? Buffer.alloc(0))).toEqual(body);
  });

  test.each([
    [
      { credentials: { username: "me", password: "päss:word" } },
      `Basic ${Buffer.from("me:päss:word").toString("base64")}`,
    ],
    [{ credentials: { token: "abc123" } }, "Bearer abc123"],
    [{ credentials: { token: "abc123" }, headers: { Authorization: "Custom x" } }, "Custom x"],
  ])("credentials: %o", async (options, authorization) => {
    const server = await startServer(statuses(200));
    await senderTo(server, options).send(body, batch());
    expect(server.requests[0]?.headers.authorization).toBe(authorization);
  });
});

describe("createHttpSender(): answers", () => {
  test.each([408, 429, 500, 501, 502, 503, 504, 599])("%i is tried again", async (status) => {
    const server = await startServer(statuses(status, 200));
    expect(await senderTo(server).send(body, batch())).toMatchObject({ delivered: 5, failed: 0 });
    expect(server.requests).toHaveLength(2);
  });

  test.each([301, 304, 400, 401, 403, 404, 405, 413, 414, 415, 422, 451])("%i is final", async (status) => {
    const server = await startServer(statuses(status, 200));
    const outcome = await senderTo(server).send(body, batch());
    expect(outcome).toMatchObject({
      delivered: 0,
      failed: 5,
      reason: String(status),
      error: { retryable: false },
    });
    expect(server.requests).toHaveLength(1);
  });

  test("Retry-After is kept to, in seconds and as a date", async () => {
    const server = await startServer((response, index) => {
      if (index === 0) response.writeHead(429, { "retry-after": "1" });
      if (index === 1) {
        const now = Date.now();
        const date = new Date(now).toUTCString();
        response.writeHead(503, { date, "retry-after": new Date(now + 1000).toUTCString() });
      }
      response.end();
    });
    expect((await senderTo(server).send(body, batch())).delivered).toBe(5);
    const [first, second, third] = server.requests.map(({ receivedAtMillis }) => receivedAtMillis);
    expect(second! - first!).toBeGreaterThan(990);
    expect(third! - second!).toBeGreaterThan(990);
  });

  test("a redirect is named and not followed; its query is not shown", async () => {
    const server = await startServer((response) => {
      response.writeHead(302, { location: "https://other.example/logs?key=secret" }).end();
    });
    const outcome = await senderTo(server).send(body, batch());
    expect(outcome.error?.message).toBe(
      `Cannot send 5 records to http://127.0.0.1:${server.port}/logs: status 302, a redirect to "https://other.example/logs?…", which is not followed: "url" must be the final address; 5 records counted as export_failed`,
    );
  });

  test("what a peer says about a refusal is repeated, an HTML page is not", async () => {
    const server = await startServer((response, index) => {
      const contentType = index === 0 ? "text/plain; charset=utf-8" : "text/html";
      response.writeHead(400, { "content-type": contentType }).end("no index\u001b[31m");
    });
    const sender = senderTo(server);
    const first = await sender.send(body, batch());
    expect(first.error?.message).toContain(String.raw`: status 400 ("no index\u001b[31m"); 5 records`);
    expect((await sender.send(body, batch())).error?.message).toContain(": status 400; 5 records");
  });

  test("secrets that a peer sends back are hidden", async () => {
    const server = await startServer((response, _index, { headers }) => {
      response.writeHead(400, { "content-type": "application/json" }).end(JSON.stringify(headers));
    });
    for (const credentials of [{ token: "token-abcdef" }, { username: "somebody", password: "password1" }]) {
      const headers = { "x-api-key": "key-123456" };
      const outcome = await senderTo(server, { credentials, headers }).send(body, batch());
      const text = `${outcome.error?.message}`;
      expect(text).toContain("status 400");
      expect(text).toContain("[hidden]");
      for (const secret of ["token-abcdef", "password1", "key-123456", btoa("somebody:password1")]) {
        expect(text).not.toContain(secret);
      }
    }
  });

  test("a peer that speaks no HTTP is named", async () => {
    const server = await startRawServer((socket) =>
      socket.once("data", () => socket.end("220 smtp ready\r\n")),
    );
    const outcome = await senderTo(server).send(body, batch());
    expect(outcome).toMatchObject({ failed: 5, reason: "not_http" });
    expect(outcome.error?.message).toContain('"url" must be of a server that speaks HTTP/1.1');
  });
});

describe("createHttpSender(): faults", () => {
  test("a peer that accepts and never reads: time out, and delivered when it reads again", async () => {
    const large = Buffer.alloc(8_000_000, "x");
    const { port, sockets, connected } = await startRawServer((socket, index) => {
      if (index === 0) return socket.pause();
      let length = 0;
      return socket.on("data", (chunk: Buffer) => {
        length += chunk.length;
        if (length > large.length) socket.end("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
      });
    });
    const sending = senderTo({ port }, { timeoutMillis: 2000 }).send(large, batch());
    await connected(2);
    expect(await sending).toMatchObject({ delivered: 5, failed: 0 });
    expect(sockets.length).toBeGreaterThan(1);
  });

  test("a peer that resets in mid-request: sent again", async () => {
    const { port, sockets } = await startRawServer((socket, index) => {
      socket.once("data", () => {
        if (index === 0) socket.resetAndDestroy();
        else socket.end("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
      });
    });
    expect((await senderTo({ port }).send(body, batch())).delivered).toBe(5);
    expect(sockets).toHaveLength(2);
  });

  test("a name that nobody knows: tried again until the time is over, then counted", async () => {
    const options = { url: "http://nobody.invalid/logs", retryTimeoutMillis: 300 };
    const outcome = await senderTo({ port: 1 }, options).send(body, batch());
    expect(outcome).toMatchObject({ delivered: 0, failed: 5, error: { retryable: true } });
    expect(outcome.reason).toMatch(/^(?:ENOTFOUND|EAI_AGAIN|timeout)$/);
  });

  test("an answer that comes byte by byte is an answer, within timeoutMillis", async () => {
    const answer = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
    const { port, sockets } = await startRawServer((socket) => {
      socket.once("data", () => {
        let sent = 0;
        const timer = setInterval(() => {
          if (sent < answer.length) socket.write(answer.charAt(sent++));
          else clearInterval(timer);
        }, 5);
      });
    });
    expect((await senderTo({ port }).send(body, batch())).delivered).toBe(5);
    expect(sockets).toHaveLength(1);
  });

  test("an answer that comes byte by byte without end is cut off at timeoutMillis", async () => {
    const { port, sockets } = await startRawServer((socket) => {
      socket.once("data", () => {
        socket.write("HTTP/1.1 200 OK\r\n\r\n");
        const timer = setInterval(() => socket.write("x"), 20);
        socket.once("close", () => clearInterval(timer));
      });
    });
    const options = { timeoutMillis: 200, retryTimeoutMillis: 900 };
    const outcome = await senderTo({ port }, options).send(body, batch());
    expect(outcome).toMatchObject({ failed: 5, reason: "timeout" });
    await closed(sockets[0]!);
  });
});

describe("createHttpSender(): TLS", () => {
  test("a peer with a certificate of `ca`, by the name `servername`", async () => {
    const server = await startServer(statuses(200), { tls: true });
    const url = `https://127.0.0.1:${server.port}/logs`;
    const trusting = senderTo(server, { url, tls: { ca: localhostCertificate } });
    expect((await trusting.send(body, batch())).delivered).toBe(5);
    const named = senderTo(server, { url, tls: { ca: localhostCertificate, servername: "other.example" } });
    expect(await named.send(body, batch())).toMatchObject({
      failed: 5,
      reason: "ERR_TLS_CERT_ALTNAME_INVALID",
    });
  });

  test("any certificate with rejectUnauthorized false, and no unknown one without", async () => {
    const server = await startServer(statuses(200), { tls: true });
    const url = `https://127.0.0.1:${server.port}/logs`;
    expect(
      (await senderTo(server, { url, tls: { rejectUnauthorized: false } }).send(body, batch())).delivered,
    ).toBe(5);
    const outcome = await senderTo(server, { url }).send(body, batch());
    expect(outcome).toMatchObject({ failed: 5, reason: "DEPTH_ZERO_SELF_SIGNED_CERT" });
  });

  test("our own certificate, for a peer that asks for it", async () => {
    const ours = makeCertificate("client");
    const options = { cert: localhostCertificate, key: localhostKey, ca: ours.cert, requestCert: true };
    const server = createTlsServer({ ...options, rejectUnauthorized: true }, (request, response) => {
      request.resume();
      response.end();
    });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    onTestFinished(() => {
      server.close();
      server.closeAllConnections();
    });
    const { port } = server.address() as AddressInfo;
    const url = `https://127.0.0.1:${port}/logs`;
    const known = senderTo({ port }, { url, tls: { ca: localhostCertificate, ...ours } });
    expect((await known.send(body, batch())).delivered).toBe(5);
    const unknown = senderTo({ port }, { url, tls: { ca: localhostCertificate }, retryTimeoutMillis: 300 });
    expect(await unknown.send(body, batch())).toMatchObject({ delivered: 0, failed: 5 });
  });
});
