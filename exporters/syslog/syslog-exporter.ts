import { createSyslogRenderer, describeCut } from "../../processors/worker/syslog-registry.ts";
import { reportTrouble } from "../../src/diagnostics.ts";
import { syslogDescriptorOf } from "../../src/handlers/syslog-choice.ts";
import { SYSLOG_EXPORTER_OPTIONS } from "../../src/options/exporter-options.ts";
import type { OptionsOf } from "../../src/options/infer.ts";
import { resolveOptions } from "../../src/options/validate.ts";
import type { StockOutlet } from "../stock/outlet.ts";
import { senderOutlet } from "../stock/sender-outlet.ts";
import { StockExporter } from "../stock/stock-exporter.ts";
import { createSyslogSender, shownAddress } from "./sender.ts";

/** Options of `FemtoSysLogExporter`; CONFIG.md describes each. */
export type SysLogExporterOptions = OptionsOf<typeof SYSLOG_EXPORTER_OPTIONS>;

const SUBJECT = "syslog exporter";

/**
 * Sends records to a syslog daemon or server as `FemtoSysLogHandler` does, for the processors of the OpenTelemetry SDK: on the
 * thread that calls it, one export after the other. No protocol of syslog has answers: delivered is what the system has taken.
 */
export class FemtoSysLogExporter extends StockExporter {
  /** @throws {ConfigError} An option is wrong, or the socket takes datagrams. Names all faults. */
  constructor(options: SysLogExporterOptions = {}) {
    const resolved = resolveOptions(SYSLOG_EXPORTER_OPTIONS, options, { subject: SUBJECT });
    const descriptor = syslogDescriptorOf(resolved, SUBJECT);
    const target = shownAddress(descriptor.address);
    const report = (trouble: string): void => reportTrouble(`${SUBJECT} ${target}`, trouble);
    const sender = createSyslogSender({ ...descriptor, report });
    const renderer = createSyslogRenderer(descriptor, report);
    const outlet = senderOutlet(sender, { renderer, report });
    const deliver: StockOutlet["deliver"] = (batch, signal) => {
      const count = renderer.takeCutCount();
      if (count > 0) report(describeCut(count, { ...descriptor, ...batch }));
      return outlet.deliver(batch, signal);
    };
    super({ subject: SUBJECT, target, outlet: { ...outlet, deliver }, concurrentExportsMax: 1 });
  }
}
