import { closeSync, existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Writable } from "node:stream";
import {
  FemtoBatchLogRecordProcessor,
  FemtoFileHandler,
  type FemtoHandler,
  type FlushOptions,
  FemtoHttpHandler,
  type HttpHandlerOptions,
  FemtoOtlpGrpcHandler,
  FemtoOtlpFileHandler,
  FemtoOtlpHttpHandler,
  type OtlpHttpHandlerOptions,
  FemtoRotatingFileHandler,
  FemtoStreamHandler,
  FemtoSysLogHandler,
  type SysLogHandlerOptions,
  FemtoTimedRotatingFileHandler,
} from "../../src/index.ts";
import { OtlpReceiver } from "../../src/receiver/index.ts";
import { HttpRecords } from "../support/http-records.ts";
import { parseMessage } from "../support/syslog-messages.ts";
import { StreamServer } from "../support/syslog-server.ts";
import {
  type DestinationKind,
  type Destination,
  type HandlerOptions,
  numbersInLines,
} from "./destination.ts";
import { Fifo } from "./fifo.ts";
import { allNumbersIn, wholeTextOf } from "../handlers/rotating-fixture.ts";
import { numbersInOtlpLines } from "../support/otlp-lines.ts";
import { createExporter, makeGate, openGate } from "./gated-exporter.ts";

function makeFolder(): string {
  return mkdtempSync(join(tmpdir(), "femto-contract-"));
}

/** Ends what a test has left: a handler that cannot deliver is given a moment, and counts the rest. */
async function end(handler: FemtoHandler, folder: string): Promise<void> {
  await handler.shutdown({ timeoutMillis: 100 }).catch(() => {});
  rmSync(folder, { recursive: true });
}

function openFile(options: HandlerOptions, { thread }: { readonly thread: "own" | "inline" }): Destination {
  const folder = makeFolder();
  const path = join(folder, "app.log");
  const handler = new FemtoFileHandler({ ...options, path, thread });
  return {
    handler,
    arrived: () => numbersInLines(readFileSync(path, "utf8")),
    release: () => {},
    close: () => end(handler, folder),
  };
}

/** Files of 20 kB; put away by size, or by size and by the clock. */
function openRotating(
  options: HandlerOptions,
  { isTimed, thread }: { readonly isTimed: boolean; readonly thread: "own" | "inline" },
): Destination {
  const folder = makeFolder();
  const all = { ...options, path: join(folder, "app.log"), thread, maxBytes: 20_000, backupCount: 1000 };
  const handler = isTimed ? new FemtoTimedRotatingFileHandler(all) : new FemtoRotatingFileHandler(all);
  return {
    handler,
    arrived: () => allNumbersIn(handler.path),
    release: () => {},
    close: () => end(handler, folder),
  };
}

/** A pipe is never put away. */
function openRotatingFifo(options: HandlerOptions, thread: "own" | "inline"): Destination {
  const folder = makeFolder();
  const fifo = new Fifo(join(folder, "fifo"));
  const handler = new FemtoRotatingFileHandler({
    ...options,
    path: fifo.path,
    thread,
    maxBytes: 20_000,
    backupCount: 2,
  });
  return {
    handler,
    arrived: () => numbersInLines(fifo.text),
    release: () => fifo.startReading(),
    close: async () => {
      fifo.startReading();
      await end(handler, folder);
      fifo.close();
    },
  };
}

/** A plain file or FIFO; inline: files of 100 kB. */
function openOtlpFile(
  options: HandlerOptions,
  { thread, isStalled }: { readonly thread: "own" | "inline"; readonly isStalled: boolean },
): Destination {
  const folder = makeFolder();
  const fifo = isStalled ? new Fifo(join(folder, "fifo")) : undefined;
  const path = fifo?.path ?? join(folder, "app.jsonl");
  const rotation = thread === "inline" ? { maxBytes: 100_000, backupCount: 1000 } : {};
  const handler = new FemtoOtlpFileHandler({ ...options, ...rotation, path, thread });
  return {
    handler,
    arrived: () => numbersInOtlpLines(fifo?.text ?? wholeTextOf(path)),
    release: () => fifo?.startReading(),
    close: async () => {
      fifo?.startReading();
      await end(handler, folder);
      fifo?.close();
    },
  };
}

function openFifo(
  options: HandlerOptions,
  parts: { readonly thread: "own" | "inline"; readonly isStalled: boolean; readonly isDescriptor: boolean },
): Destination {
  const folder = makeFolder();
  const fifo = new Fifo(join(folder, "fifo"));
  if (!parts.isStalled) fifo.startReading();
  const descriptor = parts.isDescriptor ? fifo.openForWriting() : -1;
  const handler = parts.isDescriptor
    ? new FemtoStreamHandler({ ...options, stream: descriptor })
    : new FemtoFileHandler({ ...options, path: fifo.path, thread: parts.thread });
  return {
    handler,
    arrived: () => numbersInLines(fifo.text),
    release: () => fifo.startReading(),
    close: async () => {
      fifo.startReading();
      await end(handler, folder);
      if (descriptor >= 0) closeSync(descriptor);
      fifo.close();
    },
  };
}

/** A stream that calls back when it is released, and at once from then on. */
class HeldWritable extends Writable {
  text = "";
  #isHeld: boolean;
  #release: (() => void) | undefined;

  constructor(isHeld: boolean) {
    super();
    this.#isHeld = isHeld;
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, onWritten: (error?: Error) => void): void {
    const take = (): void => {
      this.text += chunk.toString("utf8");
      onWritten();
    };
    if (this.#isHeld) this.#release = take;
    else setImmediate(take);
  }

  release(): void {
    this.#isHeld = false;
    this.#release?.();
  }
}

function openWritable(options: HandlerOptions, isStalled: boolean): Destination {
  const stream = new HeldWritable(isStalled);
  const handler = new FemtoStreamHandler({ ...options, stream, format: "json" });
  return {
    handler,
    arrived: () => numbersInLines(stream.text),
    release: () => stream.release(),
    close: () => handler.shutdown({ timeoutMillis: 100 }).catch(() => {}),
  };
}

async function openOtlpHttp(
  options: OtlpHttpHandlerOptions & HandlerOptions,
  isStalled: boolean,
  more: OtlpHttpHandlerOptions = {},
): Promise<Destination> {
  const receiver = await OtlpReceiver.start();
  if (isStalled) receiver.respond({ status: 503, times: Number.POSITIVE_INFINITY });
  // One request at a time: several may arrive in any order.
  const own = { url: receiver.url, maxConcurrentRequests: 1, ...more };
  const handler = new FemtoOtlpHttpHandler({ ...options, ...own });
  return {
    handler,
    arrived: () =>
      receiver.records.flatMap(({ attributes }) =>
        attributes.has("i") ? [Number(attributes.get("i"))] : [],
      ),
    release: () => receiver.resetAnswers(),
    close: async () => {
      await handler.shutdown({ timeoutMillis: 100 }).catch(() => {});
      await receiver.stop();
    },
  };
}

async function openOtlpGrpc(options: HandlerOptions, isStalled: boolean): Promise<Destination> {
  const receiver = await OtlpReceiver.start({ grpcPort: 0 });
  if (isStalled) receiver.respond({ status: 503, times: Number.POSITIVE_INFINITY });
  const handler = new FemtoOtlpGrpcHandler({ ...options, url: receiver.grpcUrl, maxConcurrentRequests: 1 });
  return {
    handler,
    arrived: () =>
      receiver.records.flatMap(({ attributes }) =>
        attributes.has("i") ? [Number(attributes.get("i"))] : [],
      ),
    release: () => receiver.resetAnswers(),
    close: async () => {
      await handler.shutdown({ timeoutMillis: 100 }).catch(() => {});
      await receiver.stop();
    },
  };
}

async function openHttp(options: Omit<HttpHandlerOptions, "url">, isStalled: boolean): Promise<Destination> {
  const server = await HttpRecords.start();
  if (isStalled) server.status = 503;
  const handler = new FemtoHttpHandler({ ...options, url: server.url, maxConcurrentRequests: 1 });
  return {
    handler,
    arrived: () => server.records.flatMap(({ i }) => (typeof i === "number" ? [i] : [])),
    release: () => {
      server.status = 200;
    },
    close: async () => {
      await handler.shutdown({ timeoutMillis: 100 }).catch(() => {});
      await server.stop();
    },
  };
}

/** Delivered to syslog is what the system has taken. Here the rest of the way is waited for as well. */
class ArrivingSysLogHandler extends FemtoSysLogHandler {
  readonly #untilArrived: (count: number) => Promise<unknown>;
  #ended: Promise<void> | undefined;

  constructor(options: SysLogHandlerOptions, untilArrived: (count: number) => Promise<unknown>) {
    super(options);
    this.#untilArrived = untilArrived;
  }

  override async forceFlush(options?: FlushOptions): Promise<void> {
    await super.forceFlush(options);
    await this.#untilArrived(this.stats().delivered);
  }

  override shutdown(options?: FlushOptions): Promise<void> {
    this.#ended ??= super.shutdown(options).then(async () => {
      await this.#untilArrived(this.stats().delivered);
    });
    return this.#ended;
  }
}

/** Stalled is away: what listens and does not read still fills buffers of the system. */
async function openSyslog(options: HandlerOptions, isStalled: boolean): Promise<Destination> {
  let server = Promise.resolve(await StreamServer.start());
  const { port } = await server;
  if (isStalled) await (await server).stop();
  let { messages } = await server;
  const address = { transport: "tcp", host: "127.0.0.1", port } as const;
  const handler = new ArrivingSysLogHandler({ ...options, ...address }, async (count) =>
    (await server).received(count),
  );
  return {
    handler,
    arrived: () =>
      messages
        .flatMap((text) => Object.values(parseMessage(text).data).flat())
        .flatMap(([name, value]) => (name === "i" ? [Number(value)] : [])),
    release: () => {
      server = StreamServer.start({ port });
      void server.then((started) => {
        messages = started.messages;
      });
    },
    close: async () => {
      await handler.shutdown({ timeoutMillis: 100 }).catch(() => {});
      await (await server).stop();
    },
  };
}

function openExporter(
  options: HandlerOptions,
  { isModule, isStalled }: { readonly isModule: boolean; readonly isStalled: boolean },
): Destination {
  const folder = makeFolder();
  const gate = makeGate();
  const exporterOptions = { gate, path: join(folder, "exported") };
  if (!isStalled) openGate(gate);
  const handler = new FemtoBatchLogRecordProcessor({
    ...options,
    exporter: isModule
      ? { module: new URL("./gated-exporter.ts", import.meta.url), options: exporterOptions }
      : createExporter(exporterOptions),
  });
  return {
    handler,
    arrived: () =>
      existsSync(exporterOptions.path) ? numbersInLines(readFileSync(exporterOptions.path, "utf8")) : [],
    release: () => openGate(gate),
    close: () => end(handler, folder),
  };
}

export const FILE: DestinationKind = {
  name: "a file",
  needsNoEventLoop: true,
  batches: false,
  open: async (options, isStalled) =>
    isStalled
      ? openFifo(options, { thread: "own", isStalled, isDescriptor: false })
      : openFile(options, { thread: "own" }),
};

export const INLINE_FILE: DestinationKind = {
  name: "a file, written inline",
  needsNoEventLoop: true,
  batches: false,
  open: async (options, isStalled) =>
    isStalled
      ? openFifo(options, { thread: "inline", isStalled, isDescriptor: false })
      : openFile(options, { thread: "inline" }),
};

export const ROTATING_FILE: DestinationKind = {
  name: "a rotating file",
  needsNoEventLoop: true,
  batches: false,
  open: async (options, isStalled) =>
    isStalled ? openRotatingFifo(options, "own") : openRotating(options, { isTimed: false, thread: "own" }),
};

export const INLINE_TIMED_ROTATING_FILE: DestinationKind = {
  name: "a file rotating by size and time, written inline",
  needsNoEventLoop: true,
  batches: false,
  open: async (options, isStalled) =>
    isStalled
      ? openRotatingFifo(options, "inline")
      : openRotating(options, { isTimed: true, thread: "inline" }),
};

export const OTLP_FILE: DestinationKind = {
  name: "a file of OTLP JSON lines",
  needsNoEventLoop: true,
  batches: false,
  open: async (options, isStalled) => openOtlpFile(options, { thread: "own", isStalled }),
};

export const INLINE_ROTATING_OTLP_FILE: DestinationKind = {
  name: "a rotating file of OTLP JSON lines, written inline",
  needsNoEventLoop: true,
  batches: false,
  open: async (options, isStalled) => openOtlpFile(options, { thread: "inline", isStalled }),
};

export const PIPE: DestinationKind = {
  name: "the descriptor of a pipe",
  needsNoEventLoop: true,
  batches: false,
  open: async (options, isStalled) => openFifo(options, { thread: "own", isStalled, isDescriptor: true }),
};

export const WRITABLE: DestinationKind = {
  name: "a Writable",
  needsNoEventLoop: false,
  batches: false,
  open: async (options, isStalled) => openWritable(options, isStalled),
};

export const OTLP_HTTP: DestinationKind = {
  name: "OTLP over HTTP",
  needsNoEventLoop: false,
  batches: true,
  open: (options, isStalled) => openOtlpHttp(options, isStalled),
};

/** Each batch goes in several requests. */
export const OTLP_HTTP_SPLIT: DestinationKind = {
  ...OTLP_HTTP,
  name: "OTLP over HTTP in small requests",
  open: (options, isStalled) => openOtlpHttp(options, isStalled, { maxRequestBytes: 4_096 }),
};

export const OTLP_GRPC: DestinationKind = {
  name: "OTLP over gRPC",
  needsNoEventLoop: false,
  batches: true,
  open: openOtlpGrpc,
};

export const HTTP: DestinationKind = {
  name: "plain HTTP",
  needsNoEventLoop: false,
  batches: true,
  open: openHttp,
};

export const OTLP_HTTP_JSON: DestinationKind = {
  name: "OTLP over HTTP in JSON",
  needsNoEventLoop: false,
  batches: true,
  open: (options, isStalled) => openOtlpHttp({ ...options, protocol: "http/json" }, isStalled),
};

export const HTTP_LINES: DestinationKind = {
  name: "plain HTTP in lines of a formatter",
  needsNoEventLoop: false,
  batches: true,
  open: (options, isStalled) => openHttp({ ...options, format: "ndjson", formatter: "pino" }, isStalled),
};

export const SYSLOG: DestinationKind = {
  name: "syslog over TCP",
  needsNoEventLoop: false,
  isTakenBySystem: true,
  batches: true,
  open: openSyslog,
};

export const EXPORTER: DestinationKind = {
  name: "an exporter object",
  needsNoEventLoop: false,
  batches: true,
  open: async (options, isStalled) => openExporter(options, { isModule: false, isStalled }),
};

export const EXPORTER_MODULE: DestinationKind = {
  name: "an exporter module in a worker",
  needsNoEventLoop: true,
  batches: true,
  open: async (options, isStalled) => openExporter(options, { isModule: true, isStalled }),
};
