import type { MapLogRecord } from "../../src/record/map-log-record.ts";
import type { OutputBuffer } from "../shape/output.ts";
import type { RecordCursor } from "../shape/record-cursor.ts";
import type { FemtoFormatter } from "../shape/renderer.ts";
import { RecordDecoder } from "./decoded-record.ts";

/** How a mapping works where it works. */
export interface MappingOptions {
  readonly notation: "json" | "form";
  readonly report: (trouble: string) => void;
  readonly importModule: (url: string) => Promise<unknown>;
}

/**
 * Loads the mapping function of a module: its default export, or the one called `createMapper`, is a function of the options
 * that returns it.
 *
 * @throws {TypeError} The module exports no such thing.
 */
export async function loadMapping(
  mapper: { readonly module: string; readonly options: unknown },
  options: MappingOptions,
): Promise<FemtoFormatter> {
  const loaded = (await options.importModule(mapper.module)) as {
    readonly default?: unknown;
    readonly createMapper?: unknown;
  };
  const create = loaded.createMapper ?? unwrap(loaded.default);
  const map: unknown = typeof create === "function" ? await create(mapper.options) : undefined;
  if (typeof map !== "function") {
    throw new TypeError(
      `Cannot use module "${mapper.module}" as "mapLogRecord": neither "createMapper" nor its default export is a function that returns a function; export one that takes the options`,
    );
  }
  return new MappedFormatter(map as MapLogRecord, { ...options, module: mapper.module });
}

/** A CommonJS module's exports are the default of its namespace, and may have a default of their own. */
function unwrap(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  const exports = value as { readonly createMapper?: unknown; readonly default?: unknown };
  return exports.createMapper ?? exports.default;
}

/** Writes what a function of the application makes of a record. One that fails is told, and thrown: the batch goes on. */
class MappedFormatter implements FemtoFormatter {
  readonly #decoder = new RecordDecoder();
  readonly #map: MapLogRecord;
  readonly #options: MappingOptions & { readonly module: string };

  constructor(map: MapLogRecord, options: MappingOptions & { readonly module: string }) {
    this.#map = map;
    this.#options = options;
  }

  format(record: RecordCursor, out: OutputBuffer): void {
    try {
      const mapped: unknown = this.#map(this.#decoder.decode(record));
      if (!isSendable(mapped)) {
        throw new TypeError(`it returned ${kindOf(mapped)}, must return an object`);
      }
      out.text(this.#options.notation === "json" ? toJson(mapped) : toForm(mapped));
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      const { module, report } = this.#options;
      report(`Cannot map a record with module "${module}": ${why}; counted as export_failed`);
      throw error;
    }
  }
}

function isSendable(value: unknown): value is object {
  return typeof value === "object" && value !== null && !(value instanceof Promise);
}

function kindOf(value: unknown): string {
  if (value === null) return "null";
  return value instanceof Promise ? "a promise" : typeof value;
}

function toJson(value: object): string {
  // A `toJSON()` may leave nothing.
  const text: unknown = JSON.stringify(value, plainValue);
  if (typeof text !== "string") throw new TypeError("it returned an object that JSON leaves out");
  return text;
}

/** Known to Node 22, and not to the compiler's library. */
const { rawJSON: rawJson } = JSON as unknown as { readonly rawJSON: (text: string) => object };

/** Values of records that JSON does not know: as `FemtoJsonFormatter` writes them. */
function plainValue(_key: string, value: unknown): unknown {
  if (typeof value === "bigint") return rawJson(value.toString());
  if (typeof value === "number" && !Number.isFinite(value)) return String(value);
  return value instanceof Uint8Array ? Buffer.from(value).toString("base64") : value;
}

function toForm(value: object): string {
  const form = new URLSearchParams();
  for (const [name, field] of Object.entries(value)) {
    if (field === undefined) continue;
    form.append(name, typeof field === "string" ? field : toFieldText(field));
  }
  return form.toString();
}

function toFieldText(field: unknown): string {
  const text: unknown = JSON.stringify(field, plainValue);
  return typeof text === "string" ? text.replace(/^"([^"\\]*)"$/, "$1") : "";
}
