/** Loggers that write files (and one that writes nothing) by name, loaded when asked for: a peer must not weigh on another's process. */
import type { OpenSubject, Subject, SubjectOptions } from "./subject.ts";

/** Name of a logger and its settings. */
export type SubjectName =
  | "femtologging"
  | "femtologging-redact"
  | "femtologging-redacted"
  | "pino-sync"
  | "pino-sync-4096"
  | "pino-async-4096"
  | "pino-transport"
  | "pino-bridge"
  | "pino-bridge-filtered"
  | "pino-bridge-redact"
  | "winston"
  | "winston-bridge"
  | "winston-bridge-formats"
  | "logtape"
  | "sdk-logs";

const SUBJECTS: Readonly<Record<SubjectName, () => Promise<OpenSubject>>> = {
  femtologging: async () => (await import("./femtologging.ts")).openFemtologgingFile,
  "femtologging-redact": async () => (await import("./femtologging.ts")).openFemtologgingRedact,
  "femtologging-redacted": async () => (await import("./femtologging.ts")).openFemtologgingRedacted,
  "pino-sync": async () => (await import("./pino.ts")).openPinoSync,
  "pino-sync-4096": async () => (await import("./pino.ts")).openPinoSyncBuffered,
  "pino-async-4096": async () => (await import("./pino.ts")).openPinoAsync,
  "pino-transport": async () => (await import("./pino.ts")).openPinoTransport,
  "pino-bridge": async () => (await import("./pino-bridge.ts")).openPinoBridge,
  "pino-bridge-filtered": async () => (await import("./pino-bridge.ts")).openPinoBridgeFiltered,
  "pino-bridge-redact": async () => (await import("./pino-bridge.ts")).openPinoBridgeRedact,
  winston: async () => (await import("./winston.ts")).openWinston,
  "winston-bridge": async () => (await import("./winston-bridge.ts")).openWinstonBridge,
  "winston-bridge-formats": async () => (await import("./winston-bridge.ts")).openWinstonBridgeFormats,
  logtape: async () => (await import("./logtape.ts")).openLogTape,
  "sdk-logs": async () => (await import("./otel-sdk.ts")).openSdkNoExport,
};

/** Sets the logger of that name up. */
export async function openSubject(name: SubjectName, options: SubjectOptions): Promise<Subject> {
  const open = await SUBJECTS[name]();
  return open(options);
}
