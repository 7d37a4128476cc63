import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import {
  FemtoBatchLogRecordProcessor,
  type FemtoHandler,
  type FlushOptions,
  FemtoHttpHandler,
  type HttpHandlerOptions,
  FemtoOtlpGrpcHandler,
  FemtoOtlpHttpHandler,
  type OtlpHttpHandlerOptions,
  FemtoSysLogHandler,
  type SysLogHandlerOptions,
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
import { end, makeFolder } from "./destinations.ts";
import { createExporter, makeGate, openGate } from "./gated-exporter.ts";

function otlpDestination(handler: FemtoHandler, receiver: OtlpReceiver): Destination {
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
  return otlpDestination(handler, receiver);
}

async function openOtlpGrpc(options: HandlerOptions, isStalled: boolean): Promise<Destination> {
  const receiver = await OtlpReceiver.start({ grpcPort: 0 });
  if (isStalled) receiver.respond({ status: 503, times: Number.POSITIVE_INFINITY });
  const handler = new FemtoOtlpGrpcHandler({ ...options, url: receiver.grpcUrl, maxConcurrentRequests: 1 });
  return otlpDestination(handler, receiver);
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
