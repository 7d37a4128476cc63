/** The four handlers of the shop. */
import {
  basicConfig,
  FemtoFileHandler,
  FemtoOtlpHttpHandler,
  FemtoRotatingFileHandler,
  FemtoStreamHandler,
  type LevelName,
} from "femtologging";

/** Where the shop logs to. */
export interface ShopHandlers {
  readonly screen: FemtoStreamHandler;
  readonly file: FemtoFileHandler;
  readonly rotating: FemtoRotatingFileHandler;
  readonly otlp: FemtoOtlpHttpHandler;
}

/** What the screen shows. */
export const SCREEN_LEVELS: ReadonlySet<LevelName> = new Set(["WARN", "ERROR", "CRITICAL"]);

/** Sets up logging: warnings to stderr, everything to a JSON file, to one that is put away when it is full, and to a collector. */
export function configureLogging({
  path,
  rotatingPath,
  url,
}: {
  readonly path: string;
  readonly rotatingPath: string;
  readonly url: string;
}): ShopHandlers {
  const screen = new FemtoStreamHandler({ name: "screen", level: "WARN" });
  const file = new FemtoFileHandler({ name: "file", path, mode: "truncate" });
  const rotating = new FemtoRotatingFileHandler({
    name: "rotating",
    path: rotatingPath,
    maxBytes: 262_144,
    // All of them: they are read back. A log that is to fit its disk says `maxTotalBytes` as well.
    backupCount: 1_000,
  });
  // The shop would rather wait than lose a record; the default of network handlers is to drop and count.
  const otlp = new FemtoOtlpHttpHandler({ name: "otlp", url, overflow: "block" });
  // At a signal everything is delivered. The shop listens to SIGINT too: so it ends in its own way, and logs until it has.
  basicConfig({ level: "DEBUG", handlers: [screen, file, rotating, otlp], handleSignals: true });
  return { screen, file, rotating, otlp };
}
