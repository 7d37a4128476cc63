import { makeFragment, OutputBuffer, type Fragment } from "../../processors/shape/output.ts";
import type { RecordCursor } from "../../processors/shape/record-cursor.ts";
import type { FemtoFormatter } from "../../processors/shape/renderer.ts";
import type { Shape } from "../../processors/shape/shape.ts";
import { FormattedText, type MessageText } from "./formatted-text.ts";
import { localClock, SecondText } from "./second-text.ts";
import { headerField, priorityOf, programOf, type SyslogSource } from "./syslog-header.ts";
import { SyslogText } from "./syslog-text.ts";

const HOSTNAME_CHARS_MAX = 255;
const TAG_CHARS_MAX = 32;
const MONTHS: readonly string[] = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(" ");

/** Options of `Rfc3164Formatter`. */
interface Rfc3164Options extends SyslogSource {
  /** Makes the text; undefined: see `SyslogText`. */
  readonly formatter?: FemtoFormatter | undefined;
}

interface Rfc3164Parts {
  readonly owner: Rfc3164Formatter;
  readonly priority: Fragment;
  /** From the end of the time to the message. */
  readonly source: Fragment;
  readonly text: MessageText;
}

/**
 * A message of the older syslog, with the local time of the process:
 *
 *     <134>Nov 22 17:28:06 web-1 shop[4711]: Order 7 is paid logger=shop.checkout currency=EUR
 *
 * One line, whatever the values: see `SyslogText` and `FormattedText`. Runs on the thread that drains the queue; throws only what the
 * formatter of its text throws.
 *
 * @see RFC 3164, 4.1 and 5.3
 */
export class Rfc3164Formatter implements FemtoFormatter {
  readonly #source: SyslogSource;
  readonly #formatter: FemtoFormatter | undefined;
  readonly #scratch = new OutputBuffer(4096);
  readonly #second = new SecondText(
    (date) => `${MONTHS[date.getMonth()]} ${String(date.getDate()).padStart(2)} ${localClock(date)}`,
  );

  constructor(source: Rfc3164Options) {
    this.#source = source;
    this.#formatter = source.formatter;
  }

  format(record: RecordCursor, out: OutputBuffer): void {
    const parts = this.#partsOf(record.shape);
    out.fragment(parts.priority);
    out.fragment(this.#second.fragment(record.timeSeconds));
    out.fragment(parts.source);
    parts.text.write(out, record);
  }

  #partsOf(shape: Shape): Rfc3164Parts {
    const known = shape.fragments as Rfc3164Parts | undefined;
    if (known?.owner === this) return known;
    const { facility, hostname } = this.#source;
    const host = hostname === undefined ? "" : `${headerField(hostname, HOSTNAME_CHARS_MAX)} `;
    const parts: Rfc3164Parts = {
      owner: this,
      priority: makeFragment(priorityOf(shape, facility)),
      source: makeFragment(` ${host}${tagOf(programOf(shape, this.#source))}[${process.pid}]: `),
      text:
        this.#formatter === undefined
          ? new SyslogText(shape, true)
          : new FormattedText(this.#formatter, this.#scratch),
    };
    shape.fragments = parts;
    return parts;
  }
}

/** What ends a tag, `[` and `:`, may not be in it. @see RFC 3164, 4.1.3 */
function tagOf(name: string): string {
  return headerField(name.replaceAll(/[[\]:]/g, "_"), TAG_CHARS_MAX);
}
