import type { IncomingMessage, ServerResponse } from "node:http";

import { DecodeError } from "../../proto/decode-error.ts";
import type { OtlpEncoding } from "../../proto/export-response.ts";
import type { AnswerQueue, ReceiverAnswer } from "./answers.ts";
import { decompress, readBody, tooLong } from "./body.ts";
import type { BodyReading } from "./body.ts";
import type { Intake } from "./intake.ts";
import type { Content, Ledger, OpenRequest } from "./ledger.ts";
import type { ReceiverSettings } from "./options.ts";
import { pauseWhileOpen } from "./pause.ts";
import { encodingOf, isSuccess, replyTo, statusOf } from "./reply.ts";
import type { ReplyParts } from "./reply.ts";
import { RequestFault } from "./request-fault.ts";

const nothing: Content = { count: 0, records: [] };

/** One request on its way to its answer. */
interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly entry: OpenRequest;
  readonly answer: ReceiverAnswer;
}

/** Serves `POST /v1/logs`. */
export class ExportEndpoint {
  readonly #settings: ReceiverSettings;
  readonly #ledger: Ledger;
  readonly #answers: AnswerQueue;
  readonly #intake: Intake;

  constructor(parts: { settings: ReceiverSettings; ledger: Ledger; answers: AnswerQueue; intake: Intake }) {
    this.#settings = parts.settings;
    this.#ledger = parts.ledger;
    this.#answers = parts.answers;
    this.#intake = parts.intake;
  }

  /**
   * Reads a request to its end and answers it, or does with it what was asked for.
   *
   * @see OTLP 1.11.0, OTLP/HTTP
   */
  async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const entry = openEntry(request);
    // Only exports get what was asked for: a probe with another method must not use it up.
    const answer = entry.method === "POST" ? this.#answers.take() : {};
    const exchange: Exchange = { request, response, entry, answer };
    const reading = await readBody(request, this.#settings.bodyBytesMax).catch(() => undefined);
    entry.bytes = reading?.byteCount ?? 0;
    const outcome = reading === undefined ? nothing : await this.#read(entry, reading);
    entry.records = outcome instanceof RequestFault ? 0 : outcome.count;
    this.#ledger.addRequest(entry);
    // Reading failed because the client went away: there is nobody left to answer.
    if (reading === undefined) this.#ledger.addError();
    else await this.#answer(exchange, { outcome, isDrained: reading.isDrained });
  }

  /** What the body holds, or why it is refused. */
  async #read(entry: OpenRequest, reading: BodyReading): Promise<Content | RequestFault> {
    try {
      const encoding = checkedEncoding(entry);
      const { bodyBytesMax: bytesMax } = this.#settings;
      if (reading.bytes === undefined) throw tooLong(bytesMax);
      const body = await decompress(reading.bytes, { compression: entry.compression, bytesMax });
      return this.#intake.decode(body, encoding);
    } catch (error) {
      if (error instanceof RequestFault) return error;
      if (!(error instanceof DecodeError)) throw error;
      const status = error.failure === "too_large" ? 413 : 400;
      return new RequestFault(error.message, { status, cause: error });
    }
  }

  async #answer(
    exchange: Exchange,
    result: { outcome: Content | RequestFault; isDrained: boolean },
  ): Promise<void> {
    const { answer, entry, request, response } = exchange;
    const { outcome, isDrained } = result;
    if (answer.delayMillis !== undefined) await pauseWhileOpen(answer.delayMillis, response);
    const isAnswered = answer.hang !== true && answer.destroy !== true && !response.destroyed;
    const isAccepting = isAnswered && isSuccess(statusOf({ answer }));
    const fault =
      outcome instanceof RequestFault
        ? outcome
        : this.#intake.accept(outcome, { answer, isSuccess: isAccepting });
    if (answer.destroy === true) request.socket.destroy();
    if (isAnswered) this.#send(exchange, { parts: { answer, fault, encoding: entry.encoding }, isDrained });
    else this.#ledger.addError();
  }

  #send({ entry, response }: Exchange, how: { parts: ReplyParts; isDrained: boolean }): void {
    const { status, headers, body } = replyTo(how.parts);
    entry.status = status;
    if (!isSuccess(status)) this.#ledger.addError();
    // The rest of a body that was not read to its end would be taken for the next request.
    if (!how.isDrained) response.shouldKeepAlive = false;
    response.writeHead(status, { "content-length": body.length, ...headers });
    response.end(body);
  }
}

function openEntry(request: IncomingMessage): OpenRequest {
  return {
    method: request.method ?? "",
    path: request.url ?? "",
    headers: request.headers,
    encoding: encodingOf(request.headers["content-type"]),
    compression: (request.headers["content-encoding"] ?? "identity").trim().toLowerCase(),
    bytes: 0,
    records: 0,
    status: undefined,
    grpcStatus: undefined,
  };
}

/** The encoding of a request that this endpoint serves. Method first: it says the most about a mistake. */
function checkedEncoding({ method, encoding, headers }: OpenRequest): OtlpEncoding {
  if (method !== "POST") {
    throw new RequestFault(`Cannot serve the request: the method is ${method}, must be POST`, {
      status: 405,
      headers: { allow: "POST" },
    });
  }
  if (encoding !== undefined) return encoding;
  const given = headers["content-type"] === undefined ? "missing" : `"${headers["content-type"]}"`;
  throw new RequestFault(
    `Cannot read the body: "content-type" is ${given}, must be application/x-protobuf or application/json`,
    { status: 415 },
  );
}
