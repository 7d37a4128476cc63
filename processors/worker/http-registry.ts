import { createHttpSender } from "../../exporters/http/sender.ts";
import { BodyRenderer, type BodyFrame } from "../../src/formatters/body-renderer.ts";
import { ALL_ATTRIBUTES, FieldFormatter } from "../../src/formatters/field-formatter.ts";
import { FemtoJsonFormatter } from "../../src/formatters/json-formatter.ts";
import type { FemtoFormatter } from "../shape/renderer.ts";
import { CheckedJsonFormatter } from "./checked-json-formatter.ts";
import { makeFormatter } from "./formatter-registry.ts";
import { GuardedFormatter } from "./guarded-formatter.ts";
import { headersOf } from "./headers-module.ts";
import { importModule as importFile } from "./import-module.ts";
import { loadMapping } from "./mapped-formatter.ts";
import type { NetworkOutlet, PumpOptions } from "./network-pump.ts";
import type { HttpDescriptor, RecordMapping } from "./protocol.ts";
import { SendingExporter } from "./sending-exporter.ts";

const ONE_RECORD: BodyFrame = { opening: "", separator: "", closing: "" };
const FRAMES: Readonly<Record<HttpDescriptor["format"], BodyFrame>> = {
  "json-array": { opening: "[", separator: ",", closing: "]" },
  ndjson: { opening: "", separator: "\n", closing: "\n" },
  json: ONE_RECORD,
  form: ONE_RECORD,
};

/** What a form holds unless told otherwise: what Python's HTTPHandler would send of such a record, and the span. */
const FORM_FIELDS: readonly string[] = [
  "name",
  "levelno",
  "levelname",
  "msg",
  "created",
  "process",
  "thread",
  "event",
  "trace_id",
  "span_id",
  ALL_ATTRIBUTES,
];

/** Opens the exporter of plain HTTP. @throws {TypeError} The module of `mapLogRecord` exports no mapping. */
export async function openHttp(descriptor: HttpDescriptor, options: PumpOptions): Promise<NetworkOutlet> {
  const { report } = options;
  return {
    renderer: await createHttpRenderer(descriptor, options),
    exporter: new SendingExporter(
      createHttpSender({ ...descriptor, ...headersOf(descriptor, options), report }),
      report,
    ),
    maxConcurrentExports: descriptor.maxConcurrentRequests,
  };
}

/** Makes the renderer of request bodies. @throws {TypeError} As `openHttp`. */
export async function createHttpRenderer(
  descriptor: HttpDescriptor,
  options: Pick<PumpOptions, "report" | "importModule">,
): Promise<BodyRenderer> {
  return new BodyRenderer(await formatterOf(descriptor, options), FRAMES[descriptor.format]);
}

async function formatterOf(
  { format, mapping }: HttpDescriptor,
  { report, importModule = importFile }: Pick<PumpOptions, "report" | "importModule">,
): Promise<FemtoFormatter> {
  const notation = format === "form" ? "form" : "json";
  switch (mapping.kind) {
    case "formatter":
      return guardArray(makeFormatter(mapping.formatter, report), { format, mapping, report });
    case "module":
      return loadMapping(mapping, { notation, report, importModule });
    case "fields":
      return new FieldFormatter({ fields: mapping.fields, notation });
    case "default":
      return notation === "json"
        ? new FemtoJsonFormatter()
        : new FieldFormatter({ fields: FORM_FIELDS, notation });
  }
}

/** Ours write JSON, or were refused; what the application's write into an array is checked, and told. */
function guardArray(
  formatter: FemtoFormatter,
  parts: {
    readonly format: HttpDescriptor["format"];
    readonly mapping: Extract<RecordMapping, { kind: "formatter" }>;
    readonly report: (trouble: string) => void;
  },
): FemtoFormatter {
  const { kind } = parts.mapping.formatter;
  const isOfApplication = kind === "object" || kind === "module";
  if (parts.format !== "json-array" || !isOfApplication) return formatter;
  return new GuardedFormatter(new CheckedJsonFormatter(formatter), parts.report);
}
