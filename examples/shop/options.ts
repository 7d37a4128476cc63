/** What the command line of the shop says. */
import { parseArgs } from "node:util";

/** How the shop is run. */
export interface ShopOptions {
  /** Orders that customers send: 1 to 100,000. */
  readonly requestCount: number;
  /** Records that one order leaves behind when all goes well: 7 to 1,000. */
  readonly logsPerRequest: number;
  /** A collector to send to, instead of the embedded one. */
  readonly endpoint?: URL;
  /** The OpenTelemetry Collector itself takes the place of the embedded one. */
  readonly usesOtelcol?: true;
  /** The log file; without it a temporary one, which is removed when nothing was missing from it. */
  readonly filePath?: string;
}

/** Every record is kept, here and in the collector, until all have been compared: memory sets the limit. */
const RECORD_COUNT_MAX = 500_000;

const REQUESTS = { option: "requests", standard: 2_000, minimum: 1, maximum: 100_000 } as const;
const LOGS_PER_REQUEST = { option: "logs-per-request", standard: 20, minimum: 7, maximum: 1_000 } as const;

/** What `--help` prints. */
export const USAGE: string = `node examples/shop/main.ts [options]

  --requests N           orders that are sent, ${REQUESTS.standard} by default
  --logs-per-request N   records of an order that goes well, ${LOGS_PER_REQUEST.standard} by default, at least ${LOGS_PER_REQUEST.minimum}
  --endpoint URL         a collector that takes OTLP/HTTP, such as http://localhost:4318, instead of the embedded one
  --collector            the OpenTelemetry Collector itself, built on first use (needs Go), instead of the embedded one
  --file PATH            where the JSON lines go (emptied first); without it a temporary file
  --help                 this text

Exit code 0: nothing was missing; 1: something was, or the run failed; 2: the options are wrong; 130: Ctrl-C, and nothing
was missing of what was logged until the last order was answered.
`;

/**
 * Reads the options.
 *
 * @param args Without the names of the program.
 * @returns The options, or "help" when that was asked for.
 * @throws {TypeError} An unknown option, or one without its value. @throws {RangeError} A number out of its range.
 */
export function readOptions(args: readonly string[]): ShopOptions | "help" {
  const values = parse(args);
  if (values.help === true) return "help";
  const options: ShopOptions = {
    requestCount: integerOf(values.requests, REQUESTS),
    logsPerRequest: integerOf(values["logs-per-request"], LOGS_PER_REQUEST),
    ...(values.endpoint !== undefined && { endpoint: endpointOf(values.endpoint) }),
    ...(values.collector === true && { usesOtelcol: true }),
    ...(values.file !== undefined && { filePath: filePathOf(values.file) }),
  };
  if (options.endpoint !== undefined && options.usesOtelcol) {
    throw wrong(`"--collector" and "--endpoint" are given, must be one of them`);
  }
  const recordCount = options.requestCount * options.logsPerRequest;
  if (recordCount > RECORD_COUNT_MAX) {
    throw wrong(
      `"--requests" times "--logs-per-request" is ${recordCount}, must be at most ${RECORD_COUNT_MAX} records: all are kept to be compared`,
    );
  }
  return options;
}

function parse(args: readonly string[]): ReturnType<typeof parseStrictly> {
  try {
    return parseStrictly(args);
  } catch (cause) {
    throw new TypeError(`Cannot start the shop: ${(cause as Error).message}`, { cause });
  }
}

function parseStrictly(args: readonly string[]): Partial<
  Record<"requests" | "logs-per-request" | "endpoint" | "file", string>
> & {
  readonly help?: boolean;
  readonly collector?: boolean;
} {
  const { values } = parseArgs({
    args: [...args],
    options: {
      requests: { type: "string" },
      "logs-per-request": { type: "string" },
      endpoint: { type: "string" },
      file: { type: "string" },
      collector: { type: "boolean" },
      help: { type: "boolean", short: "h" },
    },
  });
  return values;
}

interface IntegerRule {
  readonly option: string;
  readonly standard: number;
  readonly minimum: number;
  readonly maximum: number;
}

function integerOf(text: string | undefined, { option, standard, minimum, maximum }: IntegerRule): number {
  if (text === undefined) return standard;
  const number = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (number >= minimum && number <= maximum) return number;
  throw wrong(`"--${option}" is "${text}", must be an integer from ${minimum} to ${maximum}`);
}

/** As OTEL_EXPORTER_OTLP_ENDPOINT: the base for all signals, to which `v1/logs` belongs. */
function endpointOf(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !["http:", "https:"].includes(url.protocol)) {
    throw wrong(`"--endpoint" is "${text}", must be a URL that starts with http:// or https://`);
  }
  if (url.pathname === "/") url.pathname = "/v1/logs";
  return url;
}

function filePathOf(text: string): string {
  if (text === "") throw wrong(`"--file" is empty, must be the path of a file`);
  return text;
}

function wrong(problem: string): RangeError {
  return new RangeError(`Cannot start the shop: ${problem}`);
}
