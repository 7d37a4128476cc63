import { countLogRecords } from "../../proto/count.ts";
import { countLogRecordsJson, decodeLogsJson } from "../../proto/decode-json.ts";
import { decodeLogs } from "../../proto/decode.ts";
import type { OtlpEncoding } from "../../proto/export-response.ts";
import type { ReceiverAnswer } from "./answers.ts";
import type { Content, Ledger } from "./ledger.ts";
import type { ReceiverSettings } from "./options.ts";
import { RequestFault } from "./request-fault.ts";

/** What is done with the body of an export, by whatever way it came. */
export class Intake {
  readonly #settings: ReceiverSettings;
  readonly #ledger: Ledger;

  constructor(settings: ReceiverSettings, ledger: Ledger) {
    this.#settings = settings;
    this.#ledger = ledger;
  }

  /** @throws {DecodeError} The body is not what its encoding says. */
  decode(body: Buffer, encoding: OtlpEncoding): Content {
    if (this.#settings.keep === "count") {
      const count = encoding === "protobuf" ? countLogRecords(body) : countLogRecordsJson(body);
      return { count, records: [] };
    }
    const decode = encoding === "protobuf" ? decodeLogs : decodeLogsJson;
    const records = decode(body, this.#settings);
    return { count: records.length, records };
  }

  /**
   * Accepts what was sent, if the answer says so.
   *
   * @param options.isSuccess Whether the answer is sent and says that the records have arrived.
   * @returns Why that failed, if it did.
   */
  accept(
    content: Content,
    { answer, isSuccess }: { readonly answer: ReceiverAnswer; readonly isSuccess: boolean },
  ): RequestFault | undefined {
    if (!(answer.keep ?? isSuccess)) return undefined;
    try {
      this.#ledger.accept(content, answer.partialSuccess?.rejected ?? 0);
      return undefined;
    } catch (cause) {
      const reason = cause instanceof Error ? cause.message : String(cause);
      return new RequestFault(`Cannot take the records: "onRecords" threw ${reason}`, { status: 500, cause });
    }
  }
}
