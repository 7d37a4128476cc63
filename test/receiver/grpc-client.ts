/** A gRPC client for tests of the receiver: grpc-js with bytes as messages. */
import {
  type ChannelCredentials,
  type ChannelOptions,
  Client,
  credentials,
  Metadata,
  type ServiceError,
} from "@grpc/grpc-js";
import { onTestFinished } from "vitest";

export const EXPORT_PATH = "/opentelemetry.proto.collector.logs.v1.LogsService/Export";

export interface Called {
  /** 0 to 16. */
  readonly code: number;
  readonly details: string;
  readonly metadata: Metadata;
  readonly response: Buffer | undefined;
}

export interface CallParts {
  readonly path?: string;
  readonly channelCredentials?: ChannelCredentials;
  readonly options?: ChannelOptions;
}

/** Makes one call of the logs service, on a connection of its own. */
export function callExport(url: string, body: Uint8Array, parts: CallParts = {}): Promise<Called> {
  const {
    path = EXPORT_PATH,
    channelCredentials = credentials.createInsecure(),
    options = { "grpc.enable_retries": 0 },
  } = parts;
  const { host } = new URL(url);
  const client = new Client(`dns:${host}`, channelCredentials, options);
  onTestFinished(() => client.close());
  const end = Promise.withResolvers<Called>();
  const same = (bytes: Buffer): Buffer => bytes;
  const deadline = Date.now() + 20_000;
  client.makeUnaryRequest(
    path,
    same,
    same,
    Buffer.from(body),
    new Metadata(),
    { deadline },
    (error: ServiceError | null, response) => {
      const { code = 0, details = "", metadata = new Metadata() } = error ?? {};
      end.resolve({ code, details, metadata, response });
    },
  );
  return end.promise;
}
