import type { ResourceInput } from "../../processors/shape/dictionary.ts";
import { reportTrouble } from "../diagnostics.ts";
import type { Redaction } from "../record/redaction.ts";
import type { RecordPort, RecordRoute, RedactionStage } from "./ports.ts";

/** What the redaction of a system is made of. */
interface SystemRedactionParts {
  readonly port: RecordPort;
  readonly resource: () => ResourceInput;
  /** Whether other threads have the same loggers: then they have the same redaction. */
  readonly isShared: boolean;
  readonly redaction?: Redaction | undefined;
}

/**
 * The redaction of the records of a system, on this thread. It stands behind the filters of a logger and before all else; a system without
 * one has nothing of it on the way of its records.
 */
export class SystemRedaction {
  readonly #parts: SystemRedactionParts;
  /** What this thread has set, for loggers of the process. */
  #own: Redaction | undefined;
  /** The same, where it could not be told to the others. */
  #apart: Redaction | undefined;
  #working: { readonly redaction: Redaction; readonly stage: RedactionStage } | undefined;

  constructor(parts: SystemRedactionParts) {
    this.#parts = parts;
  }

  get #current(): Redaction | undefined {
    const { isShared, port, redaction } = this.#parts;
    return isShared ? (port.sharedFilters.redaction ?? this.#apart) : redaction;
  }

  /**
   * Sets that of the loggers of the process, on all threads, for records that are logged from now on.
   *
   * @returns False where it is too long to be told to all of them: then it is as it was.
   */
  set(redaction: Redaction | undefined): boolean {
    if (!this.#parts.port.sharedFilters.setRedaction(redaction)) return false;
    this.#own = redaction;
    this.#apart = undefined;
    return true;
  }

  /** The way of records: through the redaction, where there is one. */
  before(route: RecordRoute): RecordRoute {
    const redaction = this.#current;
    if (redaction === undefined) return route;
    if (this.#working?.redaction !== redaction) {
      const { port, resource } = this.#parts;
      this.#working = { redaction, stage: port.redactionStage(redaction, resource()) };
    }
    return this.#working.stage.before(route);
  }

  /** The thread has gone to another arena: where nothing is redacted, what this thread has asked for is. */
  renew(): void {
    const { sharedFilters } = this.#parts.port;
    if (this.#own === undefined || sharedFilters.redaction !== undefined) return;
    if (sharedFilters.setRedaction(this.#own)) return;
    this.#apart = this.#own;
    reportTrouble("redaction", TOO_LONG);
  }
}

const TOO_LONG =
  "What this thread was told to redact is redacted in its own records only: it cannot be told to the others, whose filters take 1 MiB with it";
