/** The matrix as tables of Markdown: one a measure, a column a kind of message. */
import type { Reports } from "../evaluate.ts";
import { spreadOf } from "../statistics.ts";
import { formatNumber, formatTable } from "../table.ts";
import { destinationNames } from "./destinations.ts";
import { messageNames, messageOf } from "./messages.ts";
import type { ScenarioCase } from "./plan.ts";

/** A measure, and how it is shown. */
interface Column {
  readonly title: string;
  readonly measure: string;
  /** What one of the unit is of the measure's. */
  readonly scale: number;
}

const MATRICES: readonly Column[] = [
  {
    title: "Delivered: thousand calls a second, until every handler has delivered each",
    measure: "deliveredPerSecond",
    scale: 1000,
  },
  {
    title: "Enqueued: thousand calls a second, until the last thread has made its last call",
    measure: "enqueuedPerSecond",
    scale: 1000,
  },
  { title: "Processor time of the process, microseconds a call", measure: "cpuNsPerRecord", scale: 1000 },
];

const HANDLER_COLUMNS: readonly Column[] = [
  { title: "thousand records/s", measure: "deliveredPerSecond", scale: 1000 },
  { title: "CPU us/record", measure: "cpuNsPerRecord", scale: 1000 },
  { title: "bytes/record", measure: "bytesPerRecord", scale: 1 },
  { title: "records/batch", measure: "recordsPerBatch", scale: 1 },
  { title: "RSS MB, highest", measure: "rssMegabytesMax", scale: 1 },
];

/** All tables, each under its title. Cells that were not measured are empty, rows of such cells left out. */
export function scenarioTables(cases: readonly ScenarioCase[], reports: Reports): string {
  const matrices = MATRICES.map((column) => `${column.title}:\n\n${matrixTable(column, cases, reports)}`);
  return [...matrices, `Handlers under load, one of each:\n\n${handlerTable(cases, reports)}`].join("\n\n");
}

function matrixTable(column: Column, cases: readonly ScenarioCase[], reports: Reports): string {
  const head = ["handler", "handlers", "threads", ...messageNames.map((name) => messageOf(name).label)];
  const rows = new Map<string, string[]>();
  for (const { id, args } of byRow(cases)) {
    const { destination, handlerCount, threadCount, message } = args;
    const key = [destination, handlerCount, threadCount].join("/");
    const row = rows.get(key) ?? [destination, String(handlerCount), String(threadCount)];
    row[head.indexOf(messageOf(message).label)] = valueText(column, id, reports);
    rows.set(key, row);
  }
  return formatTable([head, ...rows.values()]);
}

/** In the order of the rows: by handler, their number, and that of the threads. */
function byRow(cases: readonly ScenarioCase[]): readonly ScenarioCase[] {
  const rank = ({ args }: ScenarioCase): readonly number[] => [
    destinationNames.indexOf(args.destination),
    args.handlerCount,
    args.threadCount,
  ];
  return cases.toSorted((left, right) => {
    const [ranks, others] = [rank(left), rank(right)];
    const place = ranks.findIndex((value, index) => value !== others[index]);
    return place < 0 ? 0 : (ranks[place] as number) - (others[place] as number);
  });
}

function handlerTable(cases: readonly ScenarioCase[], reports: Reports): string {
  const head = ["handler", "message", "threads", ...HANDLER_COLUMNS.map(({ title }) => title)];
  const rows = cases
    .filter(({ args }) => args.handlerCount === 1)
    .map(({ id, args }) => [
      args.destination,
      messageOf(args.message).label,
      String(args.threadCount),
      ...HANDLER_COLUMNS.map((column) => valueText(column, id, reports)),
    ]);
  return formatTable([head, ...rows]);
}

/** The median, and with several runs how far they lie apart. */
function valueText({ measure, scale }: Column, id: string, reports: Reports): string {
  const values = (reports.get(id) ?? []).flatMap(({ measures }) => {
    const value = measures[measure];
    return value === undefined ? [] : [value / scale];
  });
  if (values.length === 0) return "";
  const { median, low, high } = spreadOf(values);
  if (values.length === 1) return formatNumber(median);
  return `${formatNumber(median)} (${formatNumber(low)} to ${formatNumber(high)})`;
}
