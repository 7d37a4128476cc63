import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { connect, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connect as connectTls } from "node:tls";
import { describe, expect, onTestFinished, test, vi } from "vitest";

import { setTroubleListener } from "../../../src/diagnostics.ts";
import {
  FemtoSocketReceiver,
  type SocketLogRecord,
  type SocketReceiverCounts,
  type SocketReceiverOptions,
} from "../../../src/receiver/index.ts";
import { frame } from "../../exporters/socket/frames-of.ts";
import { makeCertificate } from "../certificate.ts";

const LONG = { timeout: 20_000, interval: 5 };

async function start(options: SocketReceiverOptions = {}): Promise<FemtoSocketReceiver> {
  const receiver = await FemtoSocketReceiver.start(options);
  onTestFinished(() => receiver.stop());
  return receiver;
}

/** A sender's connection, closed with the test. */
async function dial(receiver: FemtoSocketReceiver): Promise<Socket> {
  const { target } = receiver;
  const socket = "socketPath" in target ? connect({ path: target.socketPath }) : connect({ ...target });
  socket.on("error", () => {});
  onTestFinished(() => {
    socket.destroy();
  });
  await once(socket, "connect");
  return socket;
}

function troublesOfTest(): string[] {
  const troubles: string[] = [];
  const previous = setTroubleListener(({ message }) => troubles.push(message));
  onTestFinished(() => {
    setTroubleListener(previous);
  });
  return troubles;
}

async function untilCounts(
  receiver: FemtoSocketReceiver,
  counts: Partial<SocketReceiverCounts>,
): Promise<void> {
  await vi.waitFor(() => expect(receiver.counts).toMatchObject(counts), LONG);
}

function json(logger: string): Buffer {
  return frame(JSON.stringify({ logger }));
}

function loggersOf(records: readonly SocketLogRecord[]): string[] {
  return records.map(({ loggerName }) => loggerName);
}

function makeFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "femto-receiver-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

describe("FemtoSocketReceiver: what it takes", () => {
  test("frames of all three encodings on one connection, in their order", async () => {
    const receiver = await start();
    const socket = await dial(receiver);
    socket.write(Buffer.concat([json("a"), frame(Buffer.from("81a66c6f67676572a162", "hex"))]));
    socket.write(frame(Buffer.from("a1666c6f676765726163", "hex")));
    await receiver.waitFor(3);
    expect(loggersOf(receiver.records)).toEqual(["a", "b", "c"]);
    expect(receiver.address).toMatch(/^tcp:\/\/127\.0\.0\.1:\d+$/);
  });

  test("a Unix domain socket, also where a receiver that was killed has left one", async () => {
    const socketPath = join(makeFolder(), "s");
    const { spawnSync } = await import("node:child_process");
    const leave = `require("node:net").createServer().listen(${JSON.stringify(socketPath)}, () => process.kill(process.pid, "SIGKILL"))`;
    expect(spawnSync(process.execPath, ["-e", leave]).signal).toBe("SIGKILL");
    const receiver = await start({ socketPath });
    (await dial(receiver)).end(json("unix"));
    await receiver.waitFor(1);
    expect(receiver.address).toBe(`unix:${socketPath}`);
    await expect(FemtoSocketReceiver.start({ socketPath })).rejects.toThrow("EADDRINUSE");
  });

  test("a path that is something else is left as it is", async () => {
    const socketPath = join(makeFolder(), "file");
    writeFileSync(socketPath, "precious");
    await expect(FemtoSocketReceiver.start({ socketPath })).rejects.toThrow(
      /^Cannot start socket receiver on .*file: .*EADDRINUSE/,
    );
  });

  test("TLS, with client certificates where they are asked for", async () => {
    const ours = makeCertificate("receiver");
    const client = makeCertificate("sender");
    const receiver = await start({ tls: { ...ours, ca: client.cert, requestCert: true } });
    const { port } = receiver.target as { readonly port: number };
    const stranger = connectTls({ port, host: "127.0.0.1", ca: ours.cert });
    stranger.on("error", () => {});
    stranger.write(json("stranger"));
    await untilCounts(receiver, { brokenConnections: 1 });
    const known = connectTls({ port, host: "127.0.0.1", ca: ours.cert, ...client });
    known.end(json("known"));
    await receiver.waitFor(1);
    expect(loggersOf(receiver.records)).toEqual(["known"]);
    expect(receiver.address).toMatch(/^tls:/);
  });

  test("keep: count looks into nothing, keep: none keeps nothing, keepCountMax bounds what is kept", async () => {
    const counting = await start({ keep: "count" });
    (await dial(counting)).write(frame("no record"));
    await counting.waitFor(1);
    const handed: string[] = [];
    const passing = await start({ keep: "none", onRecord: ({ loggerName }) => handed.push(loggerName) });
    (await dial(passing)).write(json("passed"));
    await passing.waitFor(1);
    const keeping = await start({ keepCountMax: 1 });
    (await dial(keeping)).write(Buffer.concat([json("one"), json("two")]));
    await keeping.waitFor(2);
    expect([counting.records, passing.records, loggersOf(keeping.records)]).toEqual([[], [], ["one"]]);
    expect(handed).toEqual(["passed"]);
  });
});

describe("FemtoSocketReceiver: what it refuses", () => {
  test("a frame that is too large ends its connection; others go on", async () => {
    const troubles = troublesOfTest();
    const receiver = await start({ frameBytesMax: 100 });
    const good = await dial(receiver);
    const bad = await dial(receiver);
    bad.write(Buffer.concat([json("before"), frame("x".repeat(101)), json("after")]));
    await once(bad, "close");
    const again = await dial(receiver);
    again.write(Buffer.of(0xff, 0xff, 0xff, 0xff));
    await once(again, "close");
    good.write(json("good"));
    await receiver.waitFor(2);
    expect(loggersOf(receiver.records)).toEqual(["before", "good"]);
    await untilCounts(receiver, { oversized: 2, truncated: 0, openConnections: 1 });
    expect(troubles).toEqual([
      `Cannot take at ${receiver.address} a frame of 101 bytes: it may have 100 ("frameBytesMax"); its connection is closed; further ones are only counted`,
    ]);
  });

  test("a frame that is no record is skipped, and what follows is taken", async () => {
    const troubles = troublesOfTest();
    const receiver = await start();
    const socket = await dial(receiver);
    socket.write(
      Buffer.concat([frame(""), frame("nonsense"), frame("{}"), frame('{"logger":'), json("good")]),
    );
    await receiver.waitFor(1);
    expect(receiver.counts).toMatchObject({ malformed: 4, records: 1, openConnections: 1 });
    expect(troubles).toEqual([
      `Cannot take at ${receiver.address} a frame of 0 bytes: the frame is empty; it is skipped; further ones are only counted`,
    ]);
  });

  test.each(["end", "resetAndDestroy"] as const)(
    "a frame that is cut off by %s() is counted",
    async (how) => {
      const receiver = await start();
      const socket = await dial(receiver);
      socket.write(json("whole"));
      socket.write(json("cut off").subarray(0, 9));
      await receiver.waitFor(1);
      await vi.waitFor(() => expect(receiver.counts.bytes).toBeGreaterThan(json("whole").length), LONG);
      socket[how]();
      await untilCounts(receiver, { truncated: 1, openConnections: 0 });
      expect(receiver.counts.records).toBe(1);
    },
  );

  test("connections beyond connectionCountMax are closed and counted; a place that is free again is given away", async () => {
    const receiver = await start({ connectionCountMax: 1 });
    const first = await dial(receiver);
    await untilCounts(receiver, { openConnections: 1 });
    const second = await dial(receiver);
    await once(second, "close");
    await untilCounts(receiver, { refusedConnections: 1 });
    first.end();
    await untilCounts(receiver, { openConnections: 0 });
    (await dial(receiver)).write(json("third"));
    await receiver.waitFor(1);
  });

  test("a connection without a byte for idleTimeoutMillis is closed", async () => {
    const receiver = await start({ idleTimeoutMillis: 50 });
    const socket = await dial(receiver);
    socket.write(json("begun").subarray(0, 6));
    await once(socket.resume(), "close");
    await untilCounts(receiver, { idleConnections: 1, truncated: 1, openConnections: 0 });
  });

  test("an error of onRecord is counted and said once; the record counts", async () => {
    const troubles = troublesOfTest();
    const receiver = await start({
      onRecord: () => {
        throw new Error("no room");
      },
    });
    (await dial(receiver)).write(Buffer.concat([json("a"), json("b")]));
    await receiver.waitFor(2);
    expect(receiver.counts.callbackErrors).toBe(2);
    expect(troubles).toHaveLength(1);
    expect(troubles[0]).toContain('"onRecord" has thrown Error: no room');
  });
});

describe("FemtoSocketReceiver as an iterable", () => {
  test("each reader gets all records from its beginning on, and ends with the receiver", async () => {
    const receiver = await start();
    const socket = await dial(receiver);
    socket.write(json("before"));
    await receiver.waitFor(1);
    const readers = [0, 1].map(async (_, i, { length }) => {
      const seen: string[] = [];
      for await (const { loggerName } of receiver) {
        seen.push(loggerName);
        if (seen.length === 2 && i < length - 1) break;
      }
      return seen;
    });
    socket.write(Buffer.concat(["a", "b", "c"].map(json)));
    await receiver.waitFor(4);
    await receiver.stop();
    expect(await Promise.all(readers)).toEqual([
      ["a", "b"],
      ["a", "b", "c"],
    ]);
  });

  test("a reader that does not keep up holds the sender up, and loses nothing", async () => {
    const receiver = await start({ keep: "none" });
    const reader = receiver[Symbol.asyncIterator]();
    const socket = await dial(receiver);
    const recordCount = 40_000;
    const bytes = Buffer.concat(Array.from({ length: recordCount }, () => json("long ".repeat(100))));
    let isWritten = false;
    socket.write(bytes, () => {
      isWritten = true;
    });
    await receiver.waitFor(1024);
    await vi.waitFor(() => expect(receiver.counts.records).toBeLessThan(recordCount), LONG);
    expect(isWritten).toBe(false);
    for (let i = 0; i < recordCount; i++) await reader.next();
    expect(receiver.counts.records).toBe(recordCount);
    await reader.return?.();
  });
});

describe("FemtoSocketReceiver.start(), waitFor() and stop()", () => {
  test("start() names all options that are wrong", async () => {
    const options = {
      port: -1,
      frameBytesMax: 0,
      connectionCountMax: 0,
      idleTimeoutMillis: -1,
      socketPath: "",
    };
    await expect(FemtoSocketReceiver.start(options)).rejects.toThrow(
      /"port"[^]*"frameBytesMax"[^]*"connectionCountMax"[^]*"idleTimeoutMillis"[^]*"socketPath"/,
    );
    await expect(FemtoSocketReceiver.start({ socketPath: "/s", port: 1 })).rejects.toThrow("must be without");
    await expect(FemtoSocketReceiver.start({ keep: "count", onRecord: () => {} })).rejects.toThrow('"keep"');
  });

  test("waitFor() says what it waited for in vain", async () => {
    const receiver = await start();
    await expect(receiver.waitFor(1, { timeoutMillis: 1 })).rejects.toThrow(
      `Waited for 1 records at ${receiver.address}, got 0: 1 ms have passed`,
    );
    const waiting = receiver.waitFor(1);
    const stopping = receiver.stop();
    await expect(waiting).rejects.toThrow("the receiver was stopped");
    await stopping;
  });

  test("stop() cuts connections; twice is once", async () => {
    const receiver = await start();
    const socket = await dial(receiver);
    await untilCounts(receiver, { openConnections: 1 });
    await Promise.all([receiver.stop(), once(socket.resume(), "close")]);
    await receiver[Symbol.asyncDispose]();
    expect(receiver.counts.openConnections).toBe(0);
  });
});
