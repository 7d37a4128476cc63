/** What the handlers over HTTP have in common: compression, proxies, certificates that change, headers of a module. */
import { once } from "node:events";
import { renameSync, writeFileSync } from "node:fs";
import type { IncomingHttpHeaders } from "node:http";
import { createServer, type Server } from "node:https";
import { createServer as createPlainServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";

import { describe, expect, onTestFinished, test, vi } from "vitest";

import { FemtoHttpHandler, FemtoOtlpHttpHandler } from "../../src/index.ts";
import { loggerOf, logNumbers } from "../contract/destination.ts";
import { makeCertificate } from "../receiver/certificate.ts";
import { startProxy } from "../support/proxy-server.ts";
import { configErrorOf, endWithTest, makeFolder, troublesOfTest } from "./fixture.ts";

const GETTER = new URL("./programs/make-headers.ts", import.meta.url);
const LONG = { timeout: 15_000 };

interface Peer {
  readonly url: string;
  readonly server: Server;
  readonly headers: readonly IncomingHttpHeaders[];
}

/** A peer that takes what has the token, and without one everything. */
async function startPeer(
  options: { tls?: { cert: string; key: string }; token?: string } = {},
): Promise<Peer> {
  const server = (options.tls === undefined ? createPlainServer() : createServer(options.tls)) as Server;
  const headers: IncomingHttpHeaders[] = [];
  server.on("request", (message, response) => {
    headers.push(message.headers);
    const isKnown =
      options.token === undefined || message.headers.authorization === `Bearer ${options.token}`;
    message.resume().on("end", () => response.writeHead(isKnown ? 200 : 401).end());
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  const { port } = server.address() as AddressInfo;
  return { url: `http${options.tls === undefined ? "" : "s"}://127.0.0.1:${port}/`, server, headers };
}

function replace(path: string, text: string): void {
  writeFileSync(`${path}.new`, text);
  renameSync(`${path}.new`, path);
}

describe.each([
  ["FemtoOtlpHttpHandler", FemtoOtlpHttpHandler],
  ["FemtoHttpHandler", FemtoHttpHandler],
])("%s", (_name, Handler) => {
  test("zstd", async () => {
    const { url, headers } = await startPeer();
    const handler = endWithTest(new Handler({ url, compression: "zstd" }));
    logNumbers(loggerOf(handler), { to: 10 });
    await handler.forceFlush();
    expect(handler.stats().delivered).toBe(10);
    expect(headers[0]).toMatchObject({ "content-encoding": "zstd" });
    expect(headers[0]).toHaveProperty("content-length");
  });

  test.each(["own", "inline"] as const)(
    "headers of a module, and new ones after a 401: thread %s",
    async (thread) => {
      const { url, headers } = await startPeer({ token: "two" });
      const path = join(makeFolder(), "token");
      writeFileSync(path, "one");
      const handler = endWithTest(
        new Handler({ url, thread, headersModule: { module: GETTER, options: { path } } }),
      );
      const logger = loggerOf(handler);
      writeFileSync(path, "two");
      logNumbers(logger, { to: 10 });
      await handler.forceFlush();
      expect(handler.stats()).toMatchObject({ delivered: 10 });
      expect(headers.at(-1)).toMatchObject({ authorization: "Bearer two" });
    },
  );

  test("a module for headers that is not there is told, and its records wait", LONG, async () => {
    const troubles = troublesOfTest();
    const { url } = await startPeer();
    const path = join(makeFolder(), "later.mjs");
    const handler = endWithTest(new Handler({ url, headersModule: { module: path } }));
    logNumbers(loggerOf(handler), { to: 10 });
    const flushed = handler.forceFlush();
    await vi.waitFor(() => expect(troubles.join()).toContain('no headers from "headersModule"'), LONG);
    writeFileSync(path, "export const getHeaders = () => ({ headers: {} });");
    await flushed;
    expect(handler.stats()).toMatchObject({ delivered: 10 });
  });

  test("a proxy, and the environment's none when false is given", async () => {
    const { url } = await startPeer();
    const proxy = await startProxy();
    const proxyUrl = `http://me:secret@127.0.0.1:${proxy.port}`;
    const handler = endWithTest(new Handler({ url, proxy: proxyUrl }));
    logNumbers(loggerOf(handler), { to: 10 });
    await handler.forceFlush();
    expect(handler.stats().delivered).toBe(10);
    const authorization = `Basic ${Buffer.from("me:secret").toString("base64")}`;
    expect(proxy.requests).toMatchObject([
      { target: url, headers: { "proxy-authorization": authorization } },
    ]);
  });

  test("certificates that are replaced while it runs", LONG, async () => {
    const [first, second] = [makeCertificate("first"), makeCertificate("second")];
    const { url, server } = await startPeer({ tls: first });
    const ca = join(makeFolder(), "ca.pem");
    writeFileSync(ca, first.cert);
    const handler = endWithTest(new Handler({ url, tls: { ca } }));
    const logger = loggerOf(handler);
    logNumbers(logger, { to: 10 });
    await handler.forceFlush();
    replace(ca, second.cert);
    server.setSecureContext(second);
    server.closeAllConnections();
    logNumbers(logger, { to: 10 });
    await handler.forceFlush();
    expect(handler.stats()).toMatchObject({ delivered: 20 });
  });

  test.each([
    [{ proxy: "proxy:3128" }, '"proxy" is "[hidden string]", must be a URL'],
    [{ proxy: "ftp://me:secret@proxy" }, '"proxy" is "[hidden string]", must be a URL'],
    [{ proxy: true }, '"proxy" is "[hidden boolean]", must be a URL'],
    [{ headers: () => ({}) }, 'try "headersModule", a module with that function'],
    [{ headersModule: () => ({}) }, "a function cannot go to the handler's thread"],
    [{ headersModule: { module: "./headers.js" } }, '"headersModule" is "[hidden object]", must be'],
    [{ compression: "br" }, '"compression" is "br", must be one of "none", "gzip", "zstd"'],
    [{ tls: { ca: "/nowhere.pem" } }, '"tls.ca" is "/nowhere.pem", must be text of PEM'],
  ])("refuses %o", (options, expected) => {
    const given = { url: "https://localhost/", ...options } as never;
    const text = configErrorOf(() => new Handler(given));
    expect(text).toContain(expected);
    expect(text).not.toContain("secret@");
  });
});
