// A collector for tests: the server of grpc-js on a free port of the loopback that answers as each test says.
import { EventEmitter, once } from "node:events";

import {
  Metadata,
  Server,
  ServerCredentials,
  type sendUnaryData,
  type ServerUnaryCall,
  type UntypedServiceImplementation,
} from "@grpc/grpc-js";
import { onTestFinished } from "vitest";

import { createOtlpGrpcSender } from "../../../exporters/otlp-grpc/sender.ts";
import type { OtlpGrpcSenderOptions } from "../../../exporters/otlp-grpc/sender-options.ts";
import type { BatchOptions, BatchSender, SendOutcome } from "../../../exporters/sender.ts";
import { field, number } from "../../proto/hand-made.ts";

const METHOD_PATH = "/opentelemetry.proto.collector.logs.v1.LogsService/Export";

/** What a call gets: bytes of a message, a status, or nothing at all. */
export type Answer =
  | Uint8Array
  | { readonly code: number; readonly details?: string; readonly metadata?: Metadata }
  | "hang";

/** Answers a call. @param index Of the call: 0 for the first. */
export type Respond = (index: number) => Answer;

/** A call that came in whole. */
export interface ReceivedCall {
  readonly body: Buffer;
  readonly metadata: Metadata;
  /** Address and port of the other end: one a connection. */
  readonly peer: string;
  /** On the clock of `performance.now()`. */
  readonly receivedAtMillis: number;
}

export interface PeerOptions {
  /** 0 by default: any free one. */
  readonly port?: number;
  readonly credentials?: ServerCredentials;
}

export class GrpcPeer {
  readonly calls: ReceivedCall[] = [];
  port = 0;
  readonly #server = new Server({ "grpc.max_receive_message_length": -1 });
  readonly #arrivals = new EventEmitter();

  constructor(respond: Respond) {
    const same = (bytes: Buffer): Buffer => bytes;
    const service = {
      export: {
        path: METHOD_PATH,
        requestStream: false,
        responseStream: false,
        requestSerialize: same,
        requestDeserialize: same,
        responseSerialize: same,
        responseDeserialize: same,
      },
    };
    const implementation: UntypedServiceImplementation = {
      export: (call: ServerUnaryCall<Buffer, Buffer>, answer: sendUnaryData<Buffer>): void => {
        this.#take(call);
        const given = respond(this.calls.length - 1);
        if (given === "hang") return;
        if (given instanceof Uint8Array) answer(null, Buffer.from(given));
        else answer({ details: "", metadata: new Metadata(), ...given });
      },
    };
    this.#server.addService(service, implementation);
  }

  async listen({ port = 0, credentials = ServerCredentials.createInsecure() }: PeerOptions): Promise<void> {
    const bound = Promise.withResolvers<number>();
    this.#server.bindAsync(`127.0.0.1:${port}`, credentials, (error, boundPort) => {
      if (error === null) bound.resolve(boundPort);
      else bound.reject(error);
    });
    this.port = await bound.promise;
  }

  /** Cuts everything. */
  stop(): void {
    this.#server.forceShutdown();
  }

  /** Says goodbye with GOAWAY, and ends when the calls under way have. */
  async drain(): Promise<void> {
    const drained = Promise.withResolvers<void>();
    this.#server.tryShutdown(() => drained.resolve());
    await drained.promise;
  }

  /** Waits until that many calls have come. @returns The last of them. */
  async callCount(count: number): Promise<ReceivedCall> {
    while (this.calls.length < count) await once(this.#arrivals, "change");
    return this.calls[count - 1]!;
  }

  #take(call: ServerUnaryCall<Buffer, Buffer>): void {
    const { request: body, metadata } = call;
    this.calls.push({ body, metadata, peer: call.getPeer(), receivedAtMillis: performance.now() });
    this.#arrivals.emit("change");
  }
}

/** Starts a peer that is gone at the end of the test. */
export async function startPeer(respond: Respond, options: PeerOptions = {}): Promise<GrpcPeer> {
  const peer = new GrpcPeer(respond);
  await peer.listen(options);
  onTestFinished(() => peer.stop());
  return peer;
}

/** The answer of a peer that took everything. */
export const taken: Uint8Array = new Uint8Array();

/** Answers with these status codes in turn, the last one for ever. */
export function codes(...all: readonly number[]): Respond {
  return (index) => {
    const code = all[Math.min(index, all.length - 1)]!;
    return code === 0 ? taken : { code };
  };
}

/** The details of a status with a RetryInfo, by hand. */
export function retryInfo(duration: Uint8Array): Metadata {
  const type = field(1, "type.googleapis.com/google.rpc.RetryInfo");
  const details = Buffer.concat([number(1, 14), field(3, type, field(2, field(1, duration)))]);
  const metadata = new Metadata();
  metadata.set("grpc-status-details-bin", details);
  return metadata;
}

/** A sender that is closed at the end of the test; retries come after a millisecond. */
export function senderTo(
  peer: { readonly port: number },
  options: Partial<OtlpGrpcSenderOptions> = {},
): BatchSender {
  const sender = createOtlpGrpcSender({
    url: `http://127.0.0.1:${peer.port}`,
    insecure: false,
    headers: {},
    compression: "none",
    timeoutMillis: 20_000,
    retryTimeoutMillis: 20_000,
    maxRequestBytes: 67_108_864,
    maxConcurrentRequests: 2,
    backoffMillis: 1,
    ...options,
  });
  onTestFinished(() => sender.close());
  return sender;
}

/** Sends five records. */
export function send(sender: BatchSender, body: Uint8Array = fiveRecords): Promise<SendOutcome> {
  return sender.send(body, batch());
}

/** A batch of 5 records that nobody shuts down. */
export function batch(signal: AbortSignal = new AbortController().signal): BatchOptions {
  return { recordCount: 5, signal };
}

/** A request: what is in it matters to nobody here. */
export const fiveRecords: Uint8Array = Buffer.from("five records");
