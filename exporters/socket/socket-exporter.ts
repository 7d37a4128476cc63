import { reportTrouble } from "../../src/diagnostics.ts";
import type { OptionsOf } from "../../src/options/infer.ts";
import { SOCKET_EXPORTER_OPTIONS } from "../../src/options/socket-options.ts";
import { resolveOptions } from "../../src/options/validate.ts";
import { senderOutlet } from "../stock/sender-outlet.ts";
import { StockExporter } from "../stock/stock-exporter.ts";
import { checkTarget } from "./options.ts";
import { createSocketSender } from "./sender.ts";
import { SocketRenderer } from "./socket-renderer.ts";

/** Options of `FemtoSocketExporter`; CONFIG.md describes each. */
export type SocketExporterOptions = OptionsOf<typeof SOCKET_EXPORTER_OPTIONS>;

const SUBJECT = "socket exporter";

/**
 * Sends records as `FemtoSocketHandler` does, for the processors of the OpenTelemetry SDK: on the thread that calls it, over
 * one connection, one export after the other.
 */
export class FemtoSocketExporter extends StockExporter {
  /** @throws {ConfigError} An option is wrong, or a certificate cannot be read. Names all faults. */
  constructor(options: SocketExporterOptions = {}) {
    const resolved = resolveOptions(SOCKET_EXPORTER_OPTIONS, options, { subject: SUBJECT });
    const { peer, ...address } = checkTarget(resolved, SUBJECT);
    const report = (trouble: string): void => reportTrouble(`${SUBJECT} ${peer}`, trouble);
    const sender = createSocketSender({ ...resolved, ...address, report });
    const renderer = new SocketRenderer({ ...resolved, report });
    const outlet = senderOutlet(sender, { renderer, report });
    super({ subject: SUBJECT, target: peer, outlet, concurrentExportsMax: 1 });
  }
}
