import { FORMATTER_OPTION, type FormatterChoice } from "./formatter-options.ts";

/** The option `formatter` of `FemtoHttpHandler`: what each record is in a request, whose `format` puts them together. */
export const HTTP_FORMATTER_OPTION = {
  type: "custom",
  get expected(): string {
    return FORMATTER_OPTION.expected;
  },
  accepts: (value: unknown): value is FormatterChoice => FORMATTER_OPTION.accepts(value),
  excludes: ["mapLogRecord"],
  computedDefault: "JSON lines, or as `mapLogRecord` says",
  alsoKnownAs: ["layout"],
  description:
    "What each record is in a request, in place of `mapLogRecord`: one of ours, also by name; `{ module, options }`, which runs in the handler's thread; or an object or function of the application, which runs on the thread that made the handler and makes that thread send too. In a `json-array` it must write JSON; what a formatter of the application writes there is checked, and a record that is none is counted as `export_failed`. Not with `form`. docs/formatters.md says what vendors take.",
} as const;

/** The option `formatter` of `FemtoSysLogHandler`: the text of a message. */
export const SYSLOG_FORMATTER_OPTION = {
  type: "custom",
  get expected(): string {
    return FORMATTER_OPTION.expected;
  },
  accepts: (value: unknown): value is FormatterChoice => FORMATTER_OPTION.accepts(value),
  computedDefault: "the message; where no structured data holds them, logger, attributes and ids behind it",
  alsoKnownAs: ["layout"],
  description:
    "What stands in a message behind its header and structured data: one of ours, also by name; `{ module, options }`, which runs in the handler's thread; or an object or function of the application, which runs on the thread that made the handler and makes that thread send too. Line breaks and control characters in what it writes are escaped, so that a message stays one line with every `framing`.",
} as const;
