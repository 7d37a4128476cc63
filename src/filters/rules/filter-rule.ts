import type { FemtoLogRecord, FemtoValue } from "../../record/log-record.ts";

/** Records about records that were left out. */
export interface Summaries {
  /** True while something was left out that no summary has told of. */
  readonly isPending: boolean;
  /** Epoch milliseconds at which a summary is due; 0 for at once, infinity while nothing is pending. */
  readonly dueAt: number;
  /** The summaries that are due, or all that are pending. */
  take(nowMillis: number, isAll: boolean): readonly FemtoLogRecord[];
}

/**
 * What a built-in filter does, made from its options, which are plain data: so the same rule judges on the thread that logs
 * and on that of a handler. Keeps nothing of the record that it is given but values.
 */
export interface FilterRule<Options> {
  filter(record: FemtoLogRecord): boolean;
  /** Goes on with other options. What was counted until now stays counted. */
  update(options: Options): void;
  /** False where no record of this logger and severity (0: not known) can pass, whatever else it says. */
  mayPass?(severity: number, loggerName: string): boolean;
  /** Where the rule tells of what it leaves out. */
  readonly summaries?: Summaries;
}

/** A record that finds single attributes without decoding the others. */
export interface AttributeFinder {
  findAttribute(key: string): FemtoValue | undefined;
}

/** The attribute of a key; undefined where the record has none. */
export function attributeOf(
  record: FemtoLogRecord & Partial<AttributeFinder>,
  key: string,
): FemtoValue | undefined {
  if (record.findAttribute !== undefined) return record.findAttribute(key);
  return Object.hasOwn(record.attributes, key) ? record.attributes[key] : undefined;
}

/** Whether a record is so severe that it passes whatever the rule says. `keepSeverity` 25 is above every record. */
export function isKept(record: FemtoLogRecord, keepSeverity: number): boolean {
  const severity: number = record.severityNumber ?? 0;
  return severity !== 0 && severity >= keepSeverity;
}
