import type { LogRecordExporter } from "@opentelemetry/sdk-logs";
import { runOwnWork } from "../../src/own-work.ts";
import { InstanceExporter } from "../worker/instance-exporter.ts";
import { RecordCollector } from "../worker/record-collector.ts";
import type { LocalOutlet } from "./settings.ts";

/** An outlet that runs an exporter object on the application's event loop. */
export function exporterOutlet(exporter: LogRecordExporter): LocalOutlet {
  return {
    kind: "local",
    componentType: typeOf(exporter),
    open: (report, { exportTimeoutMillis }) => {
      const collector = new RecordCollector();
      return {
        renderer: collector,
        exporter: new InstanceExporter({
          exporter: uncaptured(exporter),
          collector,
          exportTimeoutMillis,
          report,
        }),
      };
    },
  };
}

/** The same exporter, whose work no bridge captures: one that prints to a captured console would never come to an end. */
function uncaptured(exporter: LogRecordExporter): LogRecordExporter {
  return {
    export: (records, resultCallback) => runOwnWork(() => exporter.export(records, resultCallback)),
    forceFlush: () => runOwnWork(() => exporter.forceFlush()),
    shutdown: () => runOwnWork(() => exporter.shutdown()),
  };
}

/** The name of its class, if it has one: what the conventions want of exporters that they have no name for. */
function typeOf(exporter: object): string {
  const { name = "" } = (exporter.constructor as { readonly name?: string } | undefined) ?? {};
  return name === "" || name === "Object" ? "femtologging.instance_log_exporter" : name;
}
