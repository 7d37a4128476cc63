import type { Logform } from "winston";
import type { OptionsOf } from "../../options/infer.ts";
import { resolveOptions } from "../../options/validate.ts";
import { WINSTON_FORMAT_OPTIONS, type WinstonLevels } from "../../options/winston-options.ts";
import type { Logging } from "../../system/logging.ts";
import { LEVEL, markTold, type WinstonInfo } from "./call-note.ts";
import { RecordSink } from "./record-sink.ts";
import { NPM_LEVELS } from "./severity.ts";

/** Options of {@link femtoFormat}; CONFIG.md describes each. */
export type WinstonFormatOptions = Omit<OptionsOf<typeof WINSTON_FORMAT_OPTIONS>, "logging"> & {
  readonly logging?: Logging | undefined;
};

/**
 * A format of winston that makes a record of each `info` that comes by, and passes it on unchanged: for loggers whose transports cannot be
 * changed. Put it last. Formats see records of every level, also of those that no transport takes: `level` says which are wanted.
 * A transport or capture of ours on the same logger makes no second record.
 *
 * @throws {ConfigError} An option is wrong.
 */
export function femtoFormat(options: WinstonFormatOptions = {}): Logform.Format {
  const resolved = resolveOptions(WINSTON_FORMAT_OPTIONS, options, {
    subject: "femtoFormat()",
    action: "make",
  });
  const levels: WinstonLevels = resolved.levels ?? NPM_LEVELS;
  const sink = new RecordSink(resolved);
  const rankMax = resolved.level === undefined ? undefined : levels[resolved.level];
  return {
    options: {},
    transform: (info) => {
      const record = info as unknown as WinstonInfo;
      const rank = levels[String(record[LEVEL] ?? record.level)];
      if (rankMax === undefined || rank === undefined || rank <= rankMax) {
        sink.take(record, levels);
        markTold(record);
      }
      return info;
    },
  };
}
