import type { Context } from "@opentelemetry/api";
import type { Redaction } from "../../src/record/redaction.ts";
import type { ResourceInput } from "../shape/dictionary.ts";
import type { RecordEncoder } from "../shape/encoder.ts";
import { Redactor } from "../shape/redactor.ts";
import { RecordDecoder } from "../worker/decoded-record.ts";
import { encodeGiven, LATER_LIMITS } from "./encode-given.ts";
import { EncodedRecordReader } from "./encoded-record.ts";
import type { AskedLogger, FilteringThread, NextRoute } from "./filtered-route.ts";

/** Replaces what is secret in the records of a system, on the thread that logs, before they are queued. One thread's own. */
export class RedactionStage {
  readonly #thread: FilteringThread;
  readonly #resource: ResourceInput;
  readonly #redactor: Redactor;
  readonly #reader: EncodedRecordReader;
  readonly #decoder = new RecordDecoder();

  /** @param resource That of all records. */
  constructor(thread: FilteringThread, redaction: Redaction, resource: ResourceInput) {
    this.#thread = thread;
    this.#resource = resource;
    this.#redactor = new Redactor(redaction, LATER_LIMITS);
    this.#reader = new EncodedRecordReader(thread);
  }

  /** This, and then that way. */
  before(route: NextRoute): RedactingRoute {
    return new RedactingRoute(this, route);
  }

  /** @throws {RangeError} `RECORD_TOO_LARGE` */
  publish(
    encoder: RecordEncoder,
    { byteCount, severity }: { readonly byteCount: number; readonly severity: number },
    to: NextRoute,
  ): void {
    const record = this.#reader.read(encoder);
    // A line of another logger has no attributes before it is parsed; it stays what it is where nothing in it is named.
    const isLine = record.bytes !== encoder.bytes;
    if (isLine && !this.#redactor.finds(record)) {
      to.publish(encoder, byteCount, severity);
      return;
    }
    const out = this.#thread.acquire();
    try {
      if (isLine) {
        const given = this.#decoder.decode(record);
        const { scopes } = this.#thread;
        this.publish(
          out,
          encodeGiven(out, { given, original: record, scopes, resource: this.#resource }),
          to,
        );
        return;
      }
      const redactedBytes = this.#redactor.redact(record, out);
      if (redactedBytes === 0) to.publish(encoder, byteCount, severity);
      else to.publish(out, redactedBytes, severity);
    } finally {
      this.#thread.release();
    }
  }
}

/** The way of records through a redaction. Never throws but `RECORD_TOO_LARGE`. One thread's own. */
export class RedactingRoute implements NextRoute {
  readonly #stage: RedactionStage;
  readonly #next: NextRoute;

  /** Use `RedactionStage.before`. */
  constructor(stage: RedactionStage, next: NextRoute) {
    this.#stage = stage;
    this.#next = next;
  }

  get isEmpty(): boolean {
    return this.#next.isEmpty;
  }

  publish(encoder: RecordEncoder, byteCount: number, severity: number): void {
    this.#stage.publish(encoder, { byteCount, severity }, this.#next);
  }

  countTooLarge(severity: number): void {
    this.#next.countTooLarge(severity);
  }

  countFiltered(severity: number): void {
    this.#next.countFiltered?.(severity);
  }

  takes(severity: number, asked?: AskedLogger): boolean {
    return this.#next.takes(severity, asked);
  }

  inContext(context: Context): RedactingRoute {
    const next = this.#next.inContext?.(context);
    return next === undefined ? this : new RedactingRoute(this.#stage, next);
  }
}
