import { parentPort, receiveMessageOnPort } from "node:worker_threads";
import type { FilterSetup } from "../../src/filters/rules/filter-descriptor.ts";
import type { FiltersMessage } from "./protocol.ts";

/**
 * The next change of the filters that was sent to this handler's thread; undefined when there is none. At once, without an event
 * loop: a thread that writes has none that runs.
 */
export function receiveFilters(): FilterSetup | undefined {
  if (parentPort === null) return undefined;
  for (;;) {
    const received: { readonly message: Partial<FiltersMessage> } | undefined =
      receiveMessageOnPort(parentPort);
    if (received === undefined) return undefined;
    const { kind, setup } = received.message;
    if (kind === "filters") return setup;
  }
}
