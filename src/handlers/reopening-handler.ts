import { FemtoHandler, type FlushOptions } from "../../processors/batch/handler.ts";
import type { Outlet, ProcessorSettings } from "../../processors/batch/settings.ts";
import { forgetSighup, reopenOnSighup } from "./reopen-on-sighup.ts";

const REOPEN_TIMEOUT_MILLIS = 10_000;

/** What the handlers of files have in common: their path, and opening it again. */
export abstract class ReopeningHandler extends FemtoHandler {
  /** Absolute path of the file. */
  readonly path: string;

  protected constructor(
    settings: ProcessorSettings,
    file: { readonly outlet: Outlet; readonly path: string; readonly reopenOnSighup: boolean },
  ) {
    super(settings, file.outlet);
    this.path = file.path;
    if (file.reopenOnSighup) reopenOnSighup(this);
  }

  /**
   * Closes the file and opens its path again, after what was logged before: for those who rename log files.
   * @throws {FlushTimeoutError} The file could not be opened within 10 s; the handler goes on trying.
   */
  reopen(): Promise<void> {
    return this.reopenDestination(REOPEN_TIMEOUT_MILLIS);
  }

  override shutdown(options: FlushOptions = {}): Promise<void> {
    forgetSighup(this);
    return super.shutdown(options);
  }
}
