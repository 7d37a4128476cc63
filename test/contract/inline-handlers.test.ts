import type { DestinationKind } from "./destination.ts";
import { EXPORTER_MODULE, HTTP_LINES, OTLP_HTTP, SYSLOG } from "./network-destinations.ts";
import { describeContract } from "./handler-contract.ts";

/** Sent from the event loop of the thread that logs. */
function inline(kind: DestinationKind): DestinationKind {
  return {
    ...kind,
    name: `${kind.name}, inline`,
    needsNoEventLoop: false,
    open: (options, isStalled) => kind.open({ ...options, thread: "inline" }, isStalled),
  };
}

for (const kind of [OTLP_HTTP, HTTP_LINES, SYSLOG, EXPORTER_MODULE]) describeContract(inline(kind));
