/** One provider with handlers of all encodings, and receivers that say what came: the way that records of an application take. */
import { onTestFinished } from "vitest";

import {
  FemtoLoggerProvider,
  FemtoOtlpGrpcHandler,
  FemtoOtlpHttpHandler,
  type FemtoLogger,
} from "../../src/index.ts";
import { OtlpReceiver } from "../../src/receiver/index.ts";
import type { DecodedLogRecord } from "../../proto/model.ts";
import type { CountLimit, Origin } from "./expected.ts";
import { expectedResource, expectedScope, type GivenResource, type GivenScope } from "./origins.ts";

/** How records go. */
export type Way = "http/protobuf" | "http/json" | "grpc";

/** What a round is made of. */
export interface RoundOptions {
  readonly ways: readonly Way[];
  readonly resource: GivenResource;
  readonly scopes: readonly GivenScope[];
  readonly maxExportBatchSize: number;
  readonly attributeCountLimit: CountLimit;
}

/** A provider, its loggers, and what came of what they logged. */
export interface Round {
  readonly provider: FemtoLoggerProvider;
  /** One a scope. */
  readonly loggers: readonly FemtoLogger[];
  /** What the records of a scope have to come with. */
  readonly origins: readonly Origin[];
  /** What came since the last call by each way, all that was logged before. @throws {Error} A record was dropped. */
  readonly take: () => Promise<ReadonlyMap<Way, readonly DecodedLogRecord[]>>;
}

/** A handler, and what its receiver got. */
interface Lane {
  readonly handler: FemtoOtlpHttpHandler | FemtoOtlpGrpcHandler;
  readonly arrived: DecodedLogRecord[];
}

async function openLane(way: Way, { maxExportBatchSize }: RoundOptions): Promise<Lane> {
  const arrived: DecodedLogRecord[] = [];
  const receiver = await OtlpReceiver.start({
    duplicateKeys: "error",
    keepCountMax: 0,
    onRecords: (records) => arrived.push(...records),
    ...(way === "grpc" && { grpcPort: 0 }),
  });
  onTestFinished(() => receiver.stop());
  const options = { maxExportBatchSize, queueBytes: 16_777_216 };
  const handler =
    way === "grpc"
      ? new FemtoOtlpGrpcHandler({ ...options, url: receiver.grpcUrl })
      : new FemtoOtlpHttpHandler({ ...options, url: receiver.url, protocol: way });
  return { handler, arrived };
}

/** Opens everything; it is closed at the end of the test. */
export async function openRound(options: RoundOptions): Promise<Round> {
  const { ways, resource, scopes, attributeCountLimit } = options;
  const lanes = new Map<Way, Lane>();
  for (const way of ways) lanes.set(way, await openLane(way, options));
  const provider = new FemtoLoggerProvider({
    resource,
    processors: [...lanes.values()].map(({ handler }) => handler),
    logRecordLimits: { attributeCountLimit },
  });
  onTestFinished(() => provider.shutdown());
  const cameFrom = expectedResource(resource);
  return {
    provider,
    loggers: scopes.map(({ name, version, options: more }) => provider.getLogger(name, version, more)),
    origins: scopes.map((scope) => ({ scope: expectedScope(scope), resource: cameFrom })),
    take: async () => {
      await provider.forceFlush();
      return new Map([...lanes].map(([way, lane]) => [way, takeFrom(lane)]));
    },
  };
}

function takeFrom({ handler, arrived }: Lane): readonly DecodedLogRecord[] {
  const { droppedTotal } = handler.stats();
  if (droppedTotal > 0) throw new Error(`The handler has dropped ${JSON.stringify(handler.stats().dropped)}`);
  return arrived.splice(0);
}
