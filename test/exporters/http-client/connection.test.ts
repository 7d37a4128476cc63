import { expect, onTestFinished, test } from "vitest";

import { Connection } from "../../../exporters/http-client/connection.ts";
import { closed, startRawServer, startServer, statuses } from "../otlp-http/otlp-server.ts";

function connectTo(origin: string): Connection {
  const connection = new Connection(origin);
  onTestFinished(() => connection.close());
  return connection;
}

function request(text: string) {
  return { method: "POST" as const, path: "/", headers: {}, body: Buffer.from(text), responseBytesMax: 100 };
}

test("start() returns the response with its headers by lower-case name", async () => {
  const server = await startServer((response) => {
    response.writeHead(418, { "X-Kind": "pot" }).end("short");
  });
  const connection = connectTo(`http://127.0.0.1:${server.port}`);
  const { response } = await connection.start(request("tea")).result;
  expect(response).toMatchObject({ statusCode: 418, headers: { "x-kind": "pot" } });
  expect(Buffer.from(response!.body).toString()).toBe("short");
});

test("start() never sends a request that was given up while the connection was not there", async () => {
  const server = await startServer((response, index) => {
    if (index > 0) response.end();
  });
  const connection = connectTo(`http://127.0.0.1:${server.port}`);
  const first = connection.start(request("first"));
  await server.requestCount(1);
  first.giveUp("timeout", "too long");
  // The old connection is still closing, so nobody has begun with this one.
  const second = connection.start(request("second"));
  second.giveUp("timeout", "too long");
  const third = connection.start(request("third"));
  expect((await third.result).response?.statusCode).toBe(200);
  expect((await second.result).fault).toMatchObject({ code: "timeout", isRequestSent: false });
  expect(server.requests.map(({ body }) => body.toString())).toEqual(["first", "third"]);
});

test("giveUp() changes nothing once the result is there", async () => {
  const server = await startServer(statuses(200));
  const connection = connectTo(`http://127.0.0.1:${server.port}`);
  const exchange = connection.start(request("first"));
  await exchange.result;
  exchange.giveUp("timeout", "too long");
  expect((await exchange.result).response?.statusCode).toBe(200);
  await connection.start(request("second")).result;
  expect(server.connectionCount).toBe(1);
});

test("close() ends an attempt to connect", async () => {
  const { port, sockets, connected } = await startRawServer(() => {});
  const connection = connectTo(`https://127.0.0.1:${port}`);
  const exchange = connection.start(request("first"));
  await connected(1);
  await connection.close();
  expect((await exchange.result).fault).toMatchObject({ isRequestSent: false });
  await closed(sockets[0]!);
});
