import { FemtoHandler } from "../../processors/batch/handler.ts";
import { packedSource } from "../../processors/worker/source-network.generated.ts";
import { unpackSource } from "../../processors/worker/unpack-source.ts";
import { createBuilder, type Builder } from "../options/builder.ts";
import type { OptionsOf } from "../options/infer.ts";
import { SYSLOG_HANDLER_OPTIONS } from "../options/syslog-options.ts";
import { resolveOptions } from "../options/validate.ts";
import { withFormatter } from "./formatter-choice.ts";
import { settingsOf, subjectOf } from "./settings.ts";
import { syslogDescriptorOf } from "./syslog-choice.ts";

/** Options of `FemtoSysLogHandler`; CONFIG.md describes each. */
export type SysLogHandlerOptions = OptionsOf<typeof SYSLOG_HANDLER_OPTIONS>;

/**
 * Sends records to a syslog daemon or server, from a thread of its own: RFC 5424 with structured data or RFC 3164, by UDP, TCP, TLS or
 * a Unix stream socket. No protocol of syslog has answers: delivered is what the system has taken.
 *
 * @see RFC 5424; RFC 3164
 */
export class FemtoSysLogHandler extends FemtoHandler {
  /** @throws {ConfigError} An option is wrong, or the socket takes datagrams. Names all faults. */
  constructor(options: SysLogHandlerOptions = {}) {
    const subject = subjectOf(options, "syslog");
    const resolved = resolveOptions(SYSLOG_HANDLER_OPTIONS, options, { subject });
    const exporter = syslogDescriptorOf(resolved, subject);
    const { formatter } = exporter;
    const settings = settingsOf(resolved, "syslog");
    super(formatter === undefined ? settings : withFormatter(settings, formatter), {
      source: unpackSource(packedSource),
      descriptor: { kind: "network", exporter },
    });
  }

  /** A fluent builder: a method for each option, then `build()` or `tryBuild()`. */
  static builder(): Builder<typeof SYSLOG_HANDLER_OPTIONS, FemtoSysLogHandler> {
    return createBuilder(SYSLOG_HANDLER_OPTIONS, (options) => new FemtoSysLogHandler(options));
  }
}
