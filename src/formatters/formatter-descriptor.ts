import type { FemtoFormatter } from "../../processors/shape/renderer.ts";
import type { FormatName, OTLP_JSON_FORMATTER_OPTIONS } from "../options/formatter-options.ts";
import type { OptionsOf } from "../options/infer.ts";
import { FemtoDatadogFormatter, type DatadogFormatterOptions } from "./datadog-formatter.ts";
import { FemtoEcsFormatter, type EcsFormatterOptions } from "./ecs-formatter.ts";
import { FemtoGelfFormatter, type GelfFormatterOptions } from "./gelf-formatter.ts";
import { FemtoGoogleCloudFormatter, type GoogleCloudFormatterOptions } from "./google-cloud-formatter.ts";
import { FemtoJsonFormatter, type JsonFormatterOptions } from "./json-formatter.ts";
import { FemtoLogfmtFormatter, type LogfmtFormatterOptions } from "./logfmt-formatter.ts";
import { FemtoPrettyFormatter, type PrettyFormatterOptions } from "./pretty-formatter.ts";
import { FemtoSplunkHecFormatter, type SplunkHecFormatterOptions } from "./splunk-hec-formatter.ts";
import { FemtoTextFormatter, type TextFormatterOptions } from "./text-formatter.ts";

/** Options by the kind of formatter. */
interface OptionsByKind {
  readonly json: JsonFormatterOptions;
  readonly text: TextFormatterOptions;
  readonly pretty: PrettyFormatterOptions;
  readonly logfmt: LogfmtFormatterOptions;
  readonly ecs: EcsFormatterOptions;
  readonly gelf: GelfFormatterOptions;
  readonly datadog: DatadogFormatterOptions;
  readonly "splunk-hec": SplunkHecFormatterOptions;
  readonly "google-cloud": GoogleCloudFormatterOptions;
  readonly "otlp-json": OptionsOf<typeof OTLP_JSON_FORMATTER_OPTIONS>;
}

type Described<Kind extends keyof OptionsByKind> = {
  readonly [K in Kind]: { readonly kind: K; readonly options: OptionsByKind[K] };
}[Kind];

/** One of ours that is made of shapes alone. OTLP is not among them: it is the business of `proto`. */
export type OwnFormatterDescriptor = Described<Exclude<keyof OptionsByKind, "otlp-json">>;

/** A formatter that is made by a module. */
export interface ModuleFormatterDescriptor {
  readonly kind: "module";
  /** `file:` URL of the module. */
  readonly module: string;
  readonly options: unknown;
}

/** A formatter as plain data: how it travels to the thread that uses it. */
export type FormatterDescriptor = OwnFormatterDescriptor | Described<"otlp-json"> | ModuleFormatterDescriptor;

type OwnKind = OwnFormatterDescriptor["kind"];

interface FormatterClass {
  new (options: never): FemtoFormatter & { readonly options: object };
}

const CLASSES: Readonly<Record<OwnKind, FormatterClass>> = {
  json: FemtoJsonFormatter,
  text: FemtoTextFormatter,
  pretty: FemtoPrettyFormatter,
  logfmt: FemtoLogfmtFormatter,
  ecs: FemtoEcsFormatter,
  gelf: FemtoGelfFormatter,
  datadog: FemtoDatadogFormatter,
  "splunk-hec": FemtoSplunkHecFormatter,
  "google-cloud": FemtoGoogleCloudFormatter,
};

/**
 * Describes a formatter, for `createFormatter` in another thread. Pure.
 *
 * @returns Undefined for what cannot be made again from data: a formatter of the application's own, and one that is
 * derived from ours or has another `format`.
 */
export function describeFormatter(formatter: object): OwnFormatterDescriptor | undefined {
  if (Object.hasOwn(formatter, "format")) return undefined;
  const prototype: unknown = Object.getPrototypeOf(formatter);
  const found = Object.entries(CLASSES).find(([, made]) => made.prototype === prototype);
  if (found === undefined) return undefined;
  const { options } = formatter as { readonly options: object };
  return { kind: found[0], options } as OwnFormatterDescriptor;
}

/**
 * Makes the formatter that a descriptor describes. Any thread.
 *
 * @throws {RangeError} The kind is none of ours.
 * @throws {ConfigError} An option is wrong.
 */
export function createFormatter(descriptor: OwnFormatterDescriptor): FemtoFormatter {
  const { kind, options } = descriptor;
  if (Object.hasOwn(CLASSES, kind)) return new CLASSES[kind](options as never);
  const known = Object.keys(CLASSES).join(", ");
  throw new RangeError(`Cannot make a formatter: its kind is "${kind}", must be one of ${known}`);
}

/** The formatter of a name, with all its defaults. */
export function formatterNamed(name: FormatName): Exclude<FormatterDescriptor, ModuleFormatterDescriptor> {
  if (name === "pino" || name === "bunyan") return { kind: "json", options: { preset: name } };
  return { kind: name, options: {} };
}
