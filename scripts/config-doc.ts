/**
 * CONFIG.md as text, from the tables of src/options: only what no table can say is written here.
 * scripts/build-config-doc.ts writes it, test/config/config-doc.test.ts holds the file against it.
 */
import { ConfigError } from "../src/errors.ts";
import type { NumberDescription, OptionDescription } from "../src/options/description.ts";
import { describeAccepted, writeDefault, writeNumber } from "../src/options/explain.ts";
import { FILE_HANDLER_OPTIONS } from "../src/options/file-options.ts";
import { OPTION_TABLES } from "../src/options/tables.ts";
import { tryResolveOptions } from "../src/options/validate.ts";

/** An option as one taker has it. */
interface TakenOption {
  readonly taker: string;
  readonly option: OptionDescription;
}

type Row = readonly string[];

/** @returns The whole of CONFIG.md, formatted as oxfmt would. */
export function configDoc(): string {
  const options = optionsByName();
  const sections = [
    ...introduction(),
    ...environmentSection(options),
    ...OPTION_TABLES.flatMap(({ taker, table }) => takerSection(taker, Object.entries(table))),
    "## All options",
    ...[...options].flatMap(([name, taken]) => optionSection(name, taken)),
  ];
  return `${sections.join("\n\n")}\n`;
}

/** Every option under its name, in alphabetical order, with all that take it. */
function optionsByName(): ReadonlyMap<string, readonly TakenOption[]> {
  const options = new Map<string, TakenOption[]>();
  for (const { taker, table } of OPTION_TABLES) {
    for (const [name, option] of Object.entries(table)) {
      options.set(name, [...(options.get(name) ?? []), { taker, option }]);
    }
  }
  return new Map([...options].toSorted(([a], [b]) => (a.toLowerCase() < b.toLowerCase() ? -1 : 1)));
}

function introduction(): readonly string[] {
  return [
    "# Options",
    "Written from the tables in `src/options` by `npm run docs:config`; the code checks, documents and types its options by the same tables.",
    "An option given in code wins over its environment variables, and those win over the default. `undefined` counts as not given. The same names are properties of the options object of a constructor and methods of its builder.",
    "**A wrong option in code** stops what is being made before a thread is started: constructors, `build()` and `basicConfig()` throw a `ConfigError` (`code` is `ERR_FEMTO_CONFIG`) that names all faults at once, also in `problems`; `tryBuild()` returns them. For example:",
    ["```text", exampleError(), "```"].join("\n"),
    "**A wrong environment variable** never stops a program: it is reported once, to the OpenTelemetry `diag` logger if one is set and else to stderr, and ignored. The rules are OpenTelemetry's: an empty variable is not set, words may be in any case, numbers are decimal digits, of switches only `true` is true. Where several variables are listed, the first that is set and right wins. The `OTEL_BLRP_*` variables are read by network handlers and `FemtoBatchLogRecordProcessor`, not by handlers that write to a file or stream.",
    "Durations are whole milliseconds (`ms`), sizes are bytes; 1 KiB is 1024 bytes.",
  ];
}

/** A real error, so that its form here is the form in the terminal. */
function exampleError(): string {
  const given = { path: "app.log", queueBytes: 500, overflow: "drop-latest", fsinc: "batch" };
  const result = tryResolveOptions(FILE_HANDLER_OPTIONS, given, { subject: 'handler "audit"', env: {} });
  if (result.ok) throw new Error("Cannot write CONFIG.md: the example of an error has no faults");
  return new ConfigError('Cannot start handler "audit"', result.errors).message;
}

/** What is read by other rules than those of options. */
const OTHER_VARIABLES: readonly Row[] = [
  [
    "`OTEL_LOG_LEVEL`",
    "what stderr hears of our own trouble: `NONE` nothing, `ERROR` no advice",
    "diagnostics",
  ],
  [
    "`OTEL_NODE_RESOURCE_DETECTORS`",
    "detectors by name, between commas (docs/resource.md)",
    "`detectResource()`, the default resource",
  ],
  [
    "`OTEL_RESOURCE_ATTRIBUTES`",
    "`key=value` between commas, percent-encoded; one wrong pair and all is ignored",
    "`detectResource()`, the default resource",
  ],
  ["`OTEL_SERVICE_NAME`", "`service.name` of the resource", "`detectResource()`, the default resource"],
];

/** Every variable, with the options that it sets. */
function environmentSection(options: ReadonlyMap<string, readonly TakenOption[]>): readonly string[] {
  const uses = [...options].flatMap(([name, taken]) =>
    taken.flatMap(({ taker, option }) =>
      (option.environment ?? []).map((variable) => ({ variable, name, taker })),
    ),
  );
  const rows = groupBy(uses, ({ variable }) => variable).map((group) => [
    `\`${group[0].variable}\``,
    unique(group.map(({ name }) => `[${name}](#${name.toLowerCase()})`)),
    unique(group.map(({ taker }) => taker)),
  ]);
  const all = [...rows, ...OTHER_VARIABLES].toSorted(([a = ""], [b = ""]) => (a < b ? -1 : 1));
  return [
    "## Environment variables",
    tableOf([["Variable", "Sets", "Of"], ...all]),
    "`OTEL_LOGS_EXPORTER`, `OTEL_CONFIG_FILE` and `FEMTO_*` are read by `femtologging/register` only: elsewhere, handlers are made in code. Not read: `OTEL_ENTITIES`, and what concerns traces, metrics or instrumentations only.",
  ];
}

function unique(words: readonly string[]): string {
  return [...new Set(words)].join(", ");
}

function takerSection(taker: string, options: readonly [string, OptionDescription][]): readonly string[] {
  const rows = options.map(([name, option]) => [`[${name}](#${name.toLowerCase()})`, defaultText(option)]);
  return [`## ${taker}`, tableOf([["Option", "Default"], ...rows])];
}

function optionSection(name: string, taken: readonly TakenOption[]): readonly string[] {
  const heading = ["Of", "Type", "Unit", "Default", "Range", "Environment"];
  const rows = groupBy(taken, ({ option }) => factsOf(option).join("|")).map((group) => [
    group.map(({ taker }) => taker).join(", "),
    ...factsOf(group[0].option),
  ]);
  const descriptions = groupBy(taken, ({ option }) => option.description);
  const isSame = descriptions.length === 1;
  return [
    `### ${name}`,
    ...descriptions.map((group) => {
      const takers = group.map(({ taker }) => taker).join(", ");
      return isSame ? group[0].option.description : `${takers}: ${group[0].option.description}`;
    }),
    tableOf([heading, ...rows]),
    badValueText(taken.map(({ option }) => option)),
  ];
}

/** Type, unit, default, range, environment variables. */
function factsOf(option: OptionDescription): Row {
  return [
    option.type === "enum" ? "word" : typeText(option),
    "unit" in option && option.unit !== undefined ? option.unit : "–",
    defaultText(option),
    rangeText(option),
    option.environment?.length ? option.environment.map((name) => `\`${name}\``).join(", ") : "–",
  ];
}

function typeText(option: OptionDescription): string {
  if (option.type === "integer") return option.radix === 8 ? "integer, in octal" : "integer";
  if (option.type === "boolean" || option.type === "string" || option.type === "number") return option.type;
  return describeAccepted(option).replace(/^an? /, "");
}

function rangeText(option: OptionDescription): string {
  if (option.type === "enum") return wordsText(option.values, Object.entries(option.aliases ?? {}));
  if (option.type === "string") return option.notEmpty ? "not empty" : "any";
  if (option.type !== "integer" && option.type !== "number") return "–";
  const least = numberText(option, option.minimum);
  const range =
    option.maximum === undefined ? `from ${least}` : `${least} to ${numberText(option, option.maximum)}`;
  return option.atMost === undefined ? range : `${range}, at most \`${option.atMost}\``;
}

function wordsText(values: readonly string[], aliases: readonly [string, string][]): string {
  return values
    .map((value) => {
      const others = aliases.filter(([, target]) => target === value).map(([alias]) => `\`${alias}\``);
      return others.length === 0 ? `\`${value}\`` : `\`${value}\` (or ${others.join(", ")})`;
    })
    .join(", ");
}

function defaultText(option: OptionDescription): string {
  if (option.required === true) return "none: must be given";
  if (option.type === "integer" || option.type === "number") {
    if (option.default !== undefined) return numberText(option, option.default);
  }
  const text = writeDefault(option);
  return text === undefined ? (option.computedDefault ?? "none") : `\`${text}\``;
}

/** `4194304 (4 MiB)`: the number for the code, the other one for people. */
function numberText(option: NumberDescription, value: number): string {
  const text = writeNumber(option, value);
  const units = ["KiB", "MiB", "GiB"];
  const power = value === 0 ? 0 : Math.min(units.length, Math.floor(Math.log2(value) / 10));
  const isRound = option.unit === "bytes" && power > 0 && value % 1024 ** power === 0;
  return isRound ? `${text} (${value / 1024 ** power} ${units[power - 1]})` : text;
}

function badValueText(options: readonly OptionDescription[]): string {
  if (options.every(({ environmentOnly }) => environmentOnly))
    return "A bad value: reported once and ignored.";
  const sentences = ["A bad value: in code a `ConfigError`"];
  if (options.some(({ environment }) => environment?.length)) {
    sentences.push("in the environment reported once and ignored");
  }
  const limit = options.find(({ atMost }) => atMost !== undefined)?.atMost;
  if (limit !== undefined) {
    sentences.push(
      `more than \`${limit}\` a \`ConfigError\` when both are given in code, else lowered to it`,
    );
  }
  const excluded = new Set(options.flatMap(({ excludes }) => excludes ?? []));
  if (excluded.size > 0) {
    sentences.push(
      `together with ${[...excluded].map((name) => `\`${name}\``).join(" or ")} a \`ConfigError\``,
    );
  }
  return `${sentences.join("; ")}.`;
}

function groupBy<Item>(items: readonly Item[], keyOf: (item: Item) => string): readonly [Item, ...Item[]][] {
  const groups = new Map<string, [Item, ...Item[]]>();
  for (const item of items) {
    const group = groups.get(keyOf(item));
    if (group === undefined) groups.set(keyOf(item), [item]);
    else group.push(item);
  }
  return [...groups.values()];
}

/** A Markdown table with its columns filled up, as formatters want it. The first row is the heading. */
function tableOf(rows: readonly Row[]): string {
  const [heading = [], ...others] = rows.map((row) => row.map((cell) => cell.replaceAll("|", "\\|")));
  const widths = heading.map((_, index) =>
    Math.max(3, ...[heading, ...others].map((row) => row[index]?.length ?? 0)),
  );
  const line = (row: Row): string =>
    `| ${row.map((cell, index) => cell.padEnd(widths[index] ?? 0)).join(" | ")} |`;
  return [line(heading), line(widths.map((width) => "-".repeat(width))), ...others.map(line)].join("\n");
}
