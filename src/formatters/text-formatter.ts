import type { OutputBuffer } from "../../processors/shape/output.ts";
import type { RecordCursor } from "../../processors/shape/record-cursor.ts";
import type { FemtoFormatter } from "../../processors/shape/renderer.ts";
import { ConfigError } from "../errors.ts";
import { TEXT_FORMATTER_OPTIONS } from "../options/formatter-options.ts";
import type { OptionsOf, ResolvedOf } from "../options/infer.ts";
import { hintFor } from "../options/read-value.ts";
import { resolveOptions } from "../options/validate.ts";
import { DateText } from "./date-text.ts";
import { parseBrace } from "./python/brace-style.ts";
import { parseDollar } from "./python/dollar-style.ts";
import type { FormatPiece, FormatStyle, ParsedFormat } from "./python/format-piece.ts";
import { parsePercent } from "./python/percent-style.ts";
import { PythonLayout } from "./python/python-layout.ts";
import { TextLine } from "./text-line.ts";

/** Options of `FemtoTextFormatter`; plain data. CONFIG.md describes each. */
export type TextFormatterOptions = OptionsOf<typeof TEXT_FORMATTER_OPTIONS>;

type Resolved = ResolvedOf<typeof TEXT_FORMATTER_OPTIONS>;

const PARSERS: Readonly<Record<FormatStyle, (format: string) => ParsedFormat>> = {
  "%": parsePercent,
  "{": parseBrace,
  $: parseDollar,
};

/**
 * Text for people and for tools that read lines. Without options in the manner of Python's `logging` with logfmt behind it:
 *
 *     2026-11-22 17:28:06.123 INFO shop.checkout: Order 7 took 3 ms customer="Jane Doe" trace_id=… span_id=…
 *
 * Local time of the process by default. Attributes that the message shows are not repeated; texts of more than one word
 * are quoted, arrays and maps are JSON.
 *
 * With `format` it is `logging.Formatter`: three styles, the attributes of Python's table, those of the record by their
 * names, `datefmt`, `defaults`. A field that a record does not have stays as it was written; no record is lost for it.
 *
 * The stack of an exception stands on the lines that follow, as it is but for control characters within a line. In
 * everything else line breaks, control characters and terminal sequences are escaped, so that no value can forge a record
 * (CWE-117). Runs on the thread that drains the queue; never throws.
 *
 * @see Python 3.13, logging: Formatter Objects, LogRecord attributes
 */
export class FemtoTextFormatter implements FemtoFormatter {
  /** What it was made with. */
  readonly options: TextFormatterOptions;
  readonly #line: TextLine | PythonLayout;

  /** @throws {ConfigError} An option is wrong, or `format` is, for its style. Names all faults. */
  constructor(options: TextFormatterOptions = {}) {
    const resolved = resolveOptions(TEXT_FORMATTER_OPTIONS, options, {
      action: "make",
      subject: "a text formatter",
    });
    this.options = { ...options };
    const { format, datefmt, utc, spanIds, defaults = {} } = resolved;
    this.#line =
      format === undefined
        ? new TextLine({ isUtc: utc, hasSpanIds: spanIds })
        : new PythonLayout({
            pieces: parse(format, resolved),
            time: new DateText(datefmt, utc),
            defaults: { ...defaults },
            startMillis: Date.now() - process.uptime() * 1000,
          });
  }

  format(record: RecordCursor, out: OutputBuffer): void {
    this.#line.format(record, out);
  }
}

function parse(format: string, { style, validate }: Resolved): readonly FormatPiece[] {
  const { pieces, faults } = PARSERS[style](format);
  if (!validate || faults.length === 0) return pieces;
  const hint = hintFor("format", 'correct it, choose another "style", or switch "validate" off');
  throw new ConfigError(
    "Cannot make a text formatter",
    faults.map((fault) => ({
      path: "format",
      value: format,
      expected: `must be a format of style "${style}": it ${fault}`,
      hint,
    })),
  );
}
