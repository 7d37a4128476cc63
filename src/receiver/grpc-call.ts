import type { IncomingHttpHeaders, ServerHttp2Stream } from "node:http2";

import { DecodeError } from "../../proto/decode-error.ts";
import { encodeExportResponse } from "../../proto/export-response.ts";
import type { AnswerQueue, ReceiverAnswer } from "./answers.ts";
import { readBody, tooLong } from "./body.ts";
import {
  FRAME_HEAD_BYTES,
  frame,
  grpcCodeOf,
  statusHeaders,
  unframe,
  type GrpcStatus,
} from "./grpc-message.ts";
import type { Intake } from "./intake.ts";
import type { Content, Ledger, OpenRequest } from "./ledger.ts";
import type { ReceiverSettings } from "./options.ts";
import { pauseWhileOpen } from "./pause.ts";
import { isSuccess } from "./reply.ts";
import { RequestFault, rpcCodeOf } from "./request-fault.ts";

/** @see logs_service.proto: LogsService.Export */
const METHOD_PATH = "/opentelemetry.proto.collector.logs.v1.LogsService/Export";
const contentType = {
  "content-type": "application/grpc",
  "grpc-accept-encoding": "identity,gzip,deflate,zstd",
};

/** What calls are served with. */
export interface GrpcCallParts {
  readonly settings: ReceiverSettings;
  readonly ledger: Ledger;
  readonly answers: AnswerQueue;
  readonly intake: Intake;
}

/** One call on its way to its answer. Used once. */
export class GrpcCall {
  readonly #parts: GrpcCallParts;
  readonly #stream: ServerHttp2Stream;
  readonly #entry: OpenRequest;

  constructor(parts: GrpcCallParts, stream: ServerHttp2Stream, headers: IncomingHttpHeaders) {
    this.#parts = parts;
    this.#stream = stream;
    this.#entry = openEntry(headers);
    // A client that went away in the middle of a call: reading or answering it ends.
    stream.on("error", () => {});
  }

  /** Reads the call to its end and answers it, or does with it what was asked for. Never rejects. */
  async serve(): Promise<void> {
    const { ledger, answers, settings } = this.#parts;
    const entry = this.#entry;
    if (entry.path !== METHOD_PATH) {
      this.#refuse(new RequestFault(`Cannot serve ${entry.path}: must be ${METHOD_PATH}`, { status: 404 }));
      return;
    }
    const answer = answers.take();
    const bytesMax = settings.bodyBytesMax + FRAME_HEAD_BYTES;
    const reading = await readBody(this.#stream, bytesMax).catch(() => undefined);
    entry.bytes = Math.max(0, (reading?.byteCount ?? 0) - FRAME_HEAD_BYTES);
    const outcome = reading === undefined ? undefined : await this.#read(reading.bytes);
    entry.records = outcome === undefined || outcome instanceof RequestFault ? 0 : outcome.count;
    ledger.addRequest(entry);
    // Without an outcome the client went away: there is nobody left to answer.
    if (outcome === undefined) ledger.addError();
    else await this.#answer(outcome, answer);
  }

  /** What the call holds, or why it is refused. */
  async #read(bytes: Buffer | undefined): Promise<Content | RequestFault> {
    const { settings, intake } = this.#parts;
    try {
      if (bytes === undefined) throw tooLong(settings.bodyBytesMax);
      const { compression } = this.#entry;
      const message = await unframe(bytes, { compression, bytesMax: settings.bodyBytesMax });
      return intake.decode(message, "protobuf");
    } catch (error) {
      if (error instanceof RequestFault) return error;
      const status = error instanceof DecodeError ? (error.failure === "too_large" ? 413 : 400) : 500;
      return new RequestFault(error instanceof Error ? error.message : String(error), {
        status,
        cause: error,
      });
    }
  }

  async #answer(outcome: Content | RequestFault, answer: ReceiverAnswer): Promise<void> {
    const { ledger, intake } = this.#parts;
    if (answer.delayMillis !== undefined) await pauseWhileOpen(answer.delayMillis, this.#stream);
    const isAnswered = answer.hang !== true && answer.destroy !== true && !this.#stream.destroyed;
    const isAccepting = isAnswered && codeOf(answer) === 0;
    const fault =
      outcome instanceof RequestFault ? outcome : intake.accept(outcome, { answer, isSuccess: isAccepting });
    if (answer.destroy === true) this.#stream.session?.destroy();
    if (isAnswered) this.#send(answer, fault);
    else ledger.addError();
  }

  #send(answer: ReceiverAnswer, fault: RequestFault | undefined): void {
    const onDemand = answer.grpcStatus ?? (answer.status === undefined ? undefined : codeOf(answer));
    const code = onDemand ?? (fault === undefined ? 0 : grpcCodeOf(fault));
    if (code !== 0) {
      const message =
        onDemand === undefined ? (fault?.message ?? "") : `Answered with status ${code} on demand`;
      this.#end({ code, message, retryDelayMillis: retryDelayOf(answer) }, answer.headers);
      return;
    }
    const { rejected = 0, message = "" } = answer.partialSuccess ?? {};
    const response =
      answer.body ??
      encodeExportResponse({ rejectedLogRecords: BigInt(rejected), errorMessage: message }, "protobuf");
    this.#note(0);
    this.#stream.respond({ ":status": 200, ...contentType, ...answer.headers }, { waitForTrailers: true });
    this.#stream.once("wantTrailers", () => this.#stream.sendTrailers({ "grpc-status": "0" }));
    this.#stream.end(frame(Buffer.from(response)));
  }

  #refuse(fault: RequestFault): void {
    this.#stream.resume();
    const status = { code: grpcCodeOf(fault), message: fault.message, retryDelayMillis: undefined };
    this.#end(status, {});
  }

  /** An answer without a message: its status is in its only headers. */
  #end(status: GrpcStatus, headers: ReceiverAnswer["headers"]): void {
    this.#note(status.code);
    const all = { ":status": 200, ...contentType, ...statusHeaders(status), ...headers };
    this.#stream.respond(all, { endStream: true });
  }

  #note(code: number): void {
    this.#entry.status = 200;
    this.#entry.grpcStatus = code;
    if (code !== 0) this.#parts.ledger.addError();
  }
}

function openEntry(headers: IncomingHttpHeaders): OpenRequest {
  return {
    method: headers[":method"] ?? "",
    path: headers[":path"] ?? "",
    headers,
    encoding: "protobuf",
    compression: String(headers["grpc-encoding"] ?? "identity").toLowerCase(),
    bytes: 0,
    records: 0,
    status: undefined,
    grpcStatus: undefined,
  };
}

/** The code that an answer asks for: its own, or the one that goes with its status of HTTP. */
function codeOf({ grpcStatus, status = 200 }: ReceiverAnswer): number {
  return grpcStatus ?? (isSuccess(status) ? 0 : rpcCodeOf(status));
}

/** Seconds become a `RetryInfo`; a date means nothing here. */
function retryDelayOf({ retryAfter }: ReceiverAnswer): number | undefined {
  const seconds = Number(retryAfter ?? Number.NaN);
  return Number.isNaN(seconds) ? undefined : seconds * 1_000;
}
