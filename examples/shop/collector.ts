/**
 * The embedded receiver in a process of its own, so that what it costs is not counted against the shop. Says where it
 * listens, and ends with the process that started it.
 */
import { OtlpReceiver } from "femtologging/receiver";

/** What the process tells the one that started it. */
export interface CollectorUrls {
  /** Where OTLP is sent to. */
  readonly url: string;
  /** Where the records can be read. */
  readonly recordsUrl: string;
}

// Ctrl-C in a terminal is sent to both processes: this one stays until the shop has delivered everything.
process.on("SIGINT", () => {});

const receiver = await OtlpReceiver.start();
process.once("disconnect", () => void receiver.stop());
const urls: CollectorUrls = { url: receiver.url, recordsUrl: receiver.recordsUrl };
process.send?.(urls);
