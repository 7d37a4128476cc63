// Takes a lock, says so, and holds it for ever. As a process: the path on the command line; as a thread: as its data.
import { writeSync } from "node:fs";
import { parentPort, workerData } from "node:worker_threads";
import { withLock } from "../../../../exporters/rotating/process-lock.ts";

const path = (workerData as string | null) ?? process.argv[2] ?? "";
withLock(path, {
  waitMillis: 10_000,
  fileMode: 0o666,
  action: () => {
    if (parentPort === null) writeSync(1, "held\n");
    else parentPort.postMessage("held");
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
  },
});
