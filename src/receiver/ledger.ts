import type { IncomingHttpHeaders } from "node:http";

import type { OtlpEncoding } from "../../proto/export-response.ts";
import type { DecodedLogRecord } from "../../proto/model.ts";
import { Milestones } from "./milestones.ts";
import type { ReceiverSettings } from "./options.ts";

/** Totals since the start. They only grow. */
export interface ReceiverCounts {
  /** Export requests whose body was read to its end, or was given up. */
  readonly requests: number;
  /** Records accepted, kept or not. */
  readonly records: number;
  /** Bytes of the bodies, as sent. */
  readonly bytes: number;
  /** Records refused by an answer with partial success. */
  readonly rejected: number;
  /** Requests that were not answered with 2xx, by gRPC with OK: with an error, or not at all. */
  readonly errors: number;
}

/** One request to the export path, or one call of the export method by gRPC. */
export interface ReceivedRequest {
  readonly method: string;
  /** With the query, as sent. */
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  /** By its content type; undefined when that is neither of the two. Protobuf by gRPC. */
  readonly encoding: OtlpEncoding | undefined;
  /** Its content encoding, by gRPC its `grpc-encoding`: `identity` when there is none. */
  readonly compression: string;
  /** Length of the body as sent. */
  readonly bytes: number;
  /** Records in it, accepted or not; 0 when it could not be read. */
  readonly records: number;
  /** Of the answer; undefined until it is sent, and for ever when there is none. */
  readonly status: number | undefined;
  /** Status code of gRPC in the answer; undefined until it is sent, without one, and over plain HTTP. */
  readonly grpcStatus: number | undefined;
}

/** A request while it is being served. */
export type OpenRequest = { -readonly [Key in keyof ReceivedRequest]: ReceivedRequest[Key] };

/** What a request brought. */
export interface Content {
  readonly count: number;
  /** Empty when records are only counted. */
  readonly records: readonly DecodedLogRecord[];
}

/** Requests that are remembered; later ones are only counted. */
const requestCountMax = 10_000;

/** What a receiver got: the numbers, the records, the requests, and who waits for them. */
export class Ledger {
  readonly recordMilestones: Milestones = new Milestones();
  readonly requestMilestones: Milestones = new Milestones();
  readonly records: DecodedLogRecord[] = [];
  readonly requests: OpenRequest[] = [];
  readonly #settings: Pick<ReceiverSettings, "keepCountMax" | "onRecords">;
  #bytes = 0;
  #rejected = 0;
  #errors = 0;

  constructor(settings: Pick<ReceiverSettings, "keepCountMax" | "onRecords">) {
    this.#settings = settings;
  }

  get counts(): ReceiverCounts {
    return {
      requests: this.requestMilestones.reached,
      records: this.recordMilestones.reached,
      bytes: this.#bytes,
      rejected: this.#rejected,
      errors: this.#errors,
    };
  }

  /** Takes note of a request that has been read. */
  addRequest(request: OpenRequest): void {
    this.#bytes += request.bytes;
    if (this.requests.length < requestCountMax) this.requests.push(request);
    this.requestMilestones.advance(1);
  }

  /** Accepts what a request brought, but for the last `rejectedCount` records of it. */
  accept(content: Content, rejectedCount: number): void {
    const acceptedCount = Math.max(0, content.count - rejectedCount);
    const accepted = content.records.slice(0, acceptedCount);
    if (accepted.length > 0) this.#settings.onRecords?.(accepted);
    const room = this.#settings.keepCountMax - this.records.length;
    for (const record of accepted.slice(0, room)) this.records.push(record);
    this.#rejected += rejectedCount;
    this.recordMilestones.advance(acceptedCount);
  }

  addError(): void {
    this.#errors += 1;
  }
}
