/** What the process that logs and the one with the sink say to each other. */
import type { Schedule } from "./schedule.ts";
import type { TallyResult } from "./tally.ts";

/** To the sink: when it is to be slow; and later that nothing more will come. */
export type SinkOrder =
  | { readonly kind: "schedule"; readonly schedule: Schedule }
  | {
      readonly kind: "finish";
      /** That the logger says it has delivered; undefined for one that does not count. */
      readonly records?: number;
    };

/** From the sink: that it can be written to; and what it has got, or what was wrong with that. */
export type SinkReport =
  | { readonly kind: "ready"; readonly target: string }
  | { readonly kind: "finished"; readonly result: TallyResult }
  | { readonly kind: "failed"; readonly reason: string };

/** Tells the process that forked this one. */
export function report(message: SinkReport): void {
  process.send?.(message);
}

/** Runs the handler for each order, and reports what it throws. Ends the process with the one that forked it. */
export function onOrder(handle: (order: SinkOrder) => void | Promise<void>): void {
  process.on("message", (order: SinkOrder) => {
    void (async () => {
      try {
        await handle(order);
      } catch (error) {
        report({ kind: "failed", reason: (error as Error).message });
      }
    })();
  });
  process.once("disconnect", () => process.exit());
}
