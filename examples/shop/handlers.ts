/** The three handlers of the shop. */
import { basicConfig, FemtoFileHandler, FemtoOtlpHttpHandler, FemtoStreamHandler } from "femtologging";

/** Where the shop logs to. */
export interface ShopHandlers {
  readonly screen: FemtoStreamHandler;
  readonly file: FemtoFileHandler;
  readonly otlp: FemtoOtlpHttpHandler;
}

/** Sets up logging: warnings to stderr, everything to a JSON file and to a collector. */
export function configureLogging({ path, url }: { readonly path: string; readonly url: string }): ShopHandlers {
  const screen = new FemtoStreamHandler({ name: "screen", level: "WARN" });
  const file = new FemtoFileHandler({ name: "file", path, mode: "truncate" });
  // The shop would rather wait than lose a record; the default of network handlers is to drop and count.
  const otlp = new FemtoOtlpHttpHandler({ name: "otlp", url, overflow: "block" });
  basicConfig({ level: "DEBUG", handlers: [screen, file, otlp], handleSignals: true });
  return { screen, file, otlp };
}
