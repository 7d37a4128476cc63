import type { OutputBuffer } from "../../processors/shape/output.ts";
import type { RecordCursor } from "../../processors/shape/record-cursor.ts";
import type { FemtoFormatter } from "../../processors/shape/renderer.ts";
import { JSON_FORMATTER_OPTIONS } from "../options/formatter-options.ts";
import type { OptionsOf, ResolvedOf } from "../options/infer.ts";
import { resolveOptions } from "../options/validate.ts";
import { JsonLine, type JsonLayout } from "./json-line.ts";
import { mergeNames, type JsonNames } from "./json-names.ts";
import { bunyanLayout, femtoLayout, pinoLayout } from "./json-presets.ts";

/** Options of `FemtoJsonFormatter`; plain data. CONFIG.md describes each. */
export type JsonFormatterOptions = Omit<OptionsOf<typeof JSON_FORMATTER_OPTIONS>, "names"> & {
  /** Other names for the fixed keys of preset `femto`; those left out keep theirs. */
  readonly names?: Partial<JsonNames> | undefined;
};

/**
 * JSON, one object a record. The layout is stable:
 *
 *     {"time":"2026-11-22T17:28:06.123456Z","level":"INFO","severity":9,"logger":"shop.checkout","msg":"Order 7 took 3 ms",
 *      "event":"order.paid","trace_id":"…","span_id":"…","trace_flags":"01","orderId":7,"ms":3,"dropped_attributes":2}
 *
 * `level` is the severity text, or the name of the severity number where there is none. `msg` is the rendered text, the
 * JSON value of a body that is no text, or left out where there is no body. `event`, the ids and `dropped_attributes`
 * are there only where the record has them. Attributes follow flat and in order; one with the name of a fixed key is
 * written as "attributes.<key>".
 *
 * The presets `pino` and `bunyan` write the fields and level numbers of these loggers, so that their viewers open the
 * lines: `pid`, `hostname`, `name` for the logger, `err` for an exception; `msg` is always text.
 *
 * NaN and the infinities are the strings "NaN", "Infinity" and "-Infinity", bytes a base64 string, 64-bit integers bare
 * numbers, -0 is -0. Each line is valid JSON and valid UTF-8. Runs on the thread that drains the queue; never throws.
 */
export class FemtoJsonFormatter implements FemtoFormatter {
  /** What it was made with. */
  readonly options: JsonFormatterOptions;
  readonly #line: JsonLine;

  /** @throws {ConfigError} An option is wrong, or two names are the same. Names all faults. */
  constructor(options: JsonFormatterOptions = {}) {
    const resolved = resolveOptions(JSON_FORMATTER_OPTIONS, options, {
      action: "make",
      subject: "a JSON formatter",
    });
    this.options = { ...options, ...(options.names === undefined ? {} : { names: { ...options.names } }) };
    this.#line = new JsonLine(layoutOf(resolved));
  }

  format(record: RecordCursor, out: OutputBuffer): void {
    this.#line.format(record, out);
  }
}

function layoutOf({ preset, time, names }: ResolvedOf<typeof JSON_FORMATTER_OPTIONS>): JsonLayout {
  const merged = mergeNames(names ?? {});
  switch (preset) {
    case "pino":
      return pinoLayout(time ?? "epoch-millis");
    case "bunyan":
      return bunyanLayout(time ?? "iso-millis");
    default:
      return femtoLayout(merged, time ?? "iso");
  }
}
