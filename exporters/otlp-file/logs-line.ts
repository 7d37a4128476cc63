const HEAD = '{"resourceLogs":[';
const END = "]}";
/** Bytes of `HEAD` and `END`, which are ASCII. */
const HEAD_BYTES: number = HEAD.length;
const END_BYTES: number = END.length;
const COMMA: Uint8Array = Buffer.from(",");
const decoder = new TextDecoder("utf-8", { fatal: true });

/** A line with log records, as it stands in the file. */
export interface LogsLine {
  readonly bytes: Buffer;
  readonly recordCount: number;
  /** It is nothing but a list of `ResourceLogs`, which may stand in one request with those of other lines. */
  readonly isPlainList: boolean;
  readonly startAt: number;
  readonly endAt: number;
}

/** Why a line cannot be sent. */
export interface LineFault {
  readonly fault: string;
}

/**
 * Looks whether a line is a `LogsData` in OTLP JSON, and counts its records. Its values are looked at by whoever gets them.
 *
 * @see OpenTelemetry Protocol File Exporter, JSON lines file
 */
export function readLogsLine(
  bytes: Buffer,
  place: { readonly startAt: number; readonly endAt: number },
): LogsLine | LineFault {
  let text: string;
  try {
    text = decoder.decode(bytes);
  } catch {
    return { fault: "it is not UTF-8" };
  }
  const list = plainListOf(text);
  if (list !== undefined) return lineOf(bytes, { ...place, list, isPlainList: true });
  const found = listIn(text);
  return "fault" in found ? found : lineOf(bytes, { ...place, list: found.list, isPlainList: false });
}

/** Puts lines together as one request. Byte for byte what stands in them: numbers are not read, let alone rounded. */
export function requestOf(lines: readonly LogsLine[]): Uint8Array {
  const [first] = lines;
  if (lines.length === 1 && first !== undefined) return first.bytes;
  const lists = lines.map(({ bytes }) => bytes.subarray(HEAD_BYTES, bytes.length - END_BYTES));
  const parts = lists.flatMap((list, index) => (index === 0 ? [list] : [COMMA, list]));
  return Buffer.concat([Buffer.from(HEAD), ...parts, Buffer.from(END)]);
}

/** The list, where the line is just that, written without spaces. Read by itself: that tells that nothing else is in the line. */
function plainListOf(text: string): unknown[] | undefined {
  if (!text.startsWith(HEAD) || !text.endsWith(END)) return undefined;
  try {
    return JSON.parse(text.slice(HEAD.length - 1, text.length - 1)) as unknown[];
  } catch {
    return undefined;
  }
}

function listIn(text: string): { readonly list: unknown } | LineFault {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return { fault: "it is not JSON" };
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    return { fault: "it is no object" };
  }
  if (Object.hasOwn(value, "resourceLogs")) return { list: fieldOf(value, "resourceLogs") };
  const [other] = Object.keys(value);
  return other === undefined ? { list: [] } : { fault: 'it has no "resourceLogs"' };
}

function lineOf(
  bytes: Buffer,
  line: Pick<LogsLine, "startAt" | "endAt" | "isPlainList"> & { readonly list: unknown },
): LogsLine | LineFault {
  const { list, ...rest } = line;
  const recordCount = countRecords(list);
  if (recordCount === undefined) return { fault: 'its lists are not those of "resourceLogs"' };
  return { bytes, recordCount, ...rest, isPlainList: rest.isPlainList && (list as unknown[]).length > 0 };
}

/** Records in a list of `ResourceLogs`; undefined where one of the lists is none. */
function countRecords(list: unknown): number | undefined {
  const scopes = membersOf(list, "scopeLogs");
  const records = scopes === undefined ? undefined : membersOf(scopes, "logRecords");
  return records?.length;
}

/** What stands in the lists of that name, of all objects of a list. A missing list is an empty one. */
function membersOf(list: unknown, name: string): unknown[] | undefined {
  if (!Array.isArray(list)) return undefined;
  const lists = list.map((member: unknown) => fieldOf(member, name) ?? []);
  return lists.every((one) => Array.isArray(one)) ? lists.flat() : undefined;
}

function fieldOf(value: unknown, name: string): unknown {
  if (typeof value !== "object" || value === null) return NOT_A_LIST;
  return (value as Readonly<Record<string, unknown>>)[name];
}

const NOT_A_LIST = "";
