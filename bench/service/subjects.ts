/** Who logs in the service test: nobody, loggers that write a file, and loggers that send to a receiver. */
import { join } from "node:path";

import { openSubject, type SubjectName } from "../peers/registry.ts";
import { nothing, type Subject } from "../peers/subject.ts";
import { ReceiverProcess } from "../receiver-process.ts";
import { sitesOf } from "../sites.ts";

/** Names of the loggers. */
export type ServiceSubjectName = SubjectName | "none" | "femtologging-otlp" | "sdk-logs-otlp";

/** A logger in a server: it gets no turns of its own, and says in the end whether all has arrived. */
export interface ServiceSubject extends Pick<Subject, "settings" | "burst" | "finish" | "close"> {
  /** Checks what was delivered, and gives back what that needs. @returns Checksum of what was compared. */
  readonly verify: (logged: number) => Promise<string>;
}

const SDK_BATCH_SIZE = 512;
/** Much more than its default of 2,048: a server that stumbles must not lose records, or the run would fail. */
const SDK_QUEUE_SIZE = 65_536;

/** As in a program of some size: 41 call sites with attributes of their own take turns. */
const sites = sitesOf(true);

/** Sets a logger up. `directory` is for its files. */
export function openServiceSubject(name: ServiceSubjectName, directory: string): Promise<ServiceSubject> {
  if (name === "none") return Promise.resolve(silent);
  if (name === "femtologging-otlp" || name === "sdk-logs-otlp") return openSender(name);
  return openWriter(name, join(directory, "out.log"));
}

const silent: ServiceSubject = {
  settings: "no logger",
  burst: () => {},
  finish: nothing,
  close: nothing,
  verify: () => Promise.resolve("0"),
};

async function openWriter(name: SubjectName, path: string): Promise<ServiceSubject> {
  const subject = await openSubject(name, { path, sites });
  return { ...subject, verify: (logged) => Promise.resolve(subject.verify(logged)) };
}

async function openSender(name: "femtologging-otlp" | "sdk-logs-otlp"): Promise<ServiceSubject> {
  const receiver = await ReceiverProcess.start();
  const { url } = receiver;
  const subject =
    name === "femtologging-otlp"
      ? await (await import("../peers/otlp-subject.ts")).openFemtologgingOtlp({ url, sites })
      : await (
          await import("../peers/otel-sdk.ts")
        ).openSdkOtlp({ url, sites, batchSize: SDK_BATCH_SIZE, maxQueueSize: SDK_QUEUE_SIZE });
  const verify = async (logged: number): Promise<string> => {
    const { records } = await receiver.expect(logged);
    await receiver.stop();
    return records.toString(16);
  };
  return { ...subject, verify };
}
