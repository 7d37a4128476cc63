import { makeFragment, OutputBuffer, type Fragment } from "../../processors/shape/output.ts";
import type { RecordCursor } from "../../processors/shape/record-cursor.ts";
import type { FemtoFormatter } from "../../processors/shape/renderer.ts";
import type { Shape } from "../../processors/shape/shape.ts";
import { FormattedText, type MessageText } from "./formatted-text.ts";
import { writeMicros } from "./numbers.ts";
import { isoSecond, SecondText } from "./second-text.ts";
import { StructuredData } from "./structured-data.ts";
import { headerField, priorityOf, programOf, type SyslogSource } from "./syslog-header.ts";
import { SyslogText } from "./syslog-text.ts";

/** Options of `Rfc5424Formatter`. */
export interface Rfc5424Options extends SyslogSource {
  /** SD-ID of the element that holds the attributes; false: they follow the message as text. */
  readonly structuredDataId: string | false;
  /** Whether a byte order mark says that the message is UTF-8. */
  readonly bom: boolean;
  /** Longest message in bytes: structured data takes at most three quarters of what the header leaves of it. */
  readonly maxMessageBytes: number;
  /** Makes the text; undefined: see `SyslogText`. */
  readonly formatter?: FemtoFormatter | undefined;
}

const HOSTNAME_CHARS_MAX = 255;
const APP_NAME_CHARS_MAX = 48;
const MSGID_CHARS_MAX = 32;
const DATA_SHARE = 0.75;
const SPACE = 32;
const NO_DATA: Fragment = makeFragment("-");
const BOM: Fragment = makeFragment("\ufeff");

interface Rfc5424Parts {
  readonly owner: Rfc5424Formatter;
  readonly priority: Fragment;
  /** From the end of the time to the structured data. */
  readonly source: Fragment;
  readonly data: StructuredData | undefined;
  readonly text: MessageText;
}

/**
 * A message of syslog:
 *
 *     <134>1 2026-11-22T17:28:06.123456Z web-1 shop 4711 order.paid [femtologging@32473 logger="shop.checkout" id="7"] Order 7 is paid
 *
 * MSGID is the name of the event. Attributes are structured data, or follow the message. One line, whatever the values:
 * see `SyslogText` and `FormattedText`. Runs on the thread that drains the queue; throws only what the
 * formatter of its text throws.
 *
 * @see RFC 5424
 */
export class Rfc5424Formatter implements FemtoFormatter {
  readonly #options: Rfc5424Options;
  readonly #scratch = new OutputBuffer(4096);
  readonly #second = new SecondText((date) => `1 ${isoSecond(date)}.`);

  constructor(options: Rfc5424Options) {
    this.#options = options;
  }

  format(record: RecordCursor, out: OutputBuffer): void {
    const parts = this.#partsOf(record.shape);
    const from = out.at;
    out.fragment(parts.priority);
    out.fragment(this.#second.fragment(record.timeSeconds));
    writeMicros(out, record.timeNanos);
    out.fragment(parts.source);
    const room = this.#options.maxMessageBytes - (out.at - from);
    if (parts.data === undefined) out.fragment(NO_DATA);
    else parts.data.write(out, record, Math.floor(room * DATA_SHARE));
    out.byte(SPACE);
    if (this.#options.bom) out.fragment(BOM);
    parts.text.write(out, record);
  }

  #partsOf(shape: Shape): Rfc5424Parts {
    const known = shape.fragments as Rfc5424Parts | undefined;
    if (known?.owner === this) return known;
    const parts = this.#makeParts(shape);
    shape.fragments = parts;
    return parts;
  }

  #makeParts(shape: Shape): Rfc5424Parts {
    const { facility, hostname, structuredDataId } = this.#options;
    const host = headerField(hostname, HOSTNAME_CHARS_MAX);
    const app = headerField(programOf(shape, this.#options), APP_NAME_CHARS_MAX);
    const msgid = headerField(shape.eventName, MSGID_CHARS_MAX);
    const event = shape.eventName === undefined || shape.eventName === msgid ? undefined : shape.eventName;
    const hasData = structuredDataId !== false;
    return {
      owner: this,
      priority: makeFragment(priorityOf(shape, facility)),
      source: makeFragment(`Z ${host} ${app} ${process.pid} ${msgid} `),
      data: hasData ? new StructuredData(shape, { id: structuredDataId, event }) : undefined,
      text: this.#textOf(shape, !hasData),
    };
  }

  #textOf(shape: Shape, hasTail: boolean): MessageText {
    const { formatter } = this.#options;
    return formatter === undefined
      ? new SyslogText(shape, hasTail)
      : new FormattedText(formatter, this.#scratch);
  }
}
