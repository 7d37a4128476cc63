// Logs by pino as its command line says, and ends as that says. Reports on descriptor 3 when a flush has called back.
import { closeSync, writeSync } from "node:fs";
import { fileURLToPath } from "node:url";

import { pino, type Logger } from "pino";

import { capturePino, pinoDestination } from "../../../../src/bridges/pino/index.ts";
import { basicConfig } from "../../../../src/index.ts";
import type { PinoPlan } from "./plan.ts";

const REPORTS = 3;
const { way, path, count, ending } = JSON.parse(process.argv[2] ?? "") as PinoPlan;
const target = fileURLToPath(new URL("../../../../src/bridges/pino/index.ts", import.meta.url));

function open(): Logger {
  switch (way) {
    case "destination":
      return pino(pinoDestination());
    case "capture":
      capturePino();
      return pino(pino.destination({ dest: "/dev/null", sync: true }));
    case "target":
      return pino(pino.transport({ target, options: { path } }));
    case "foreign-target":
      return pino(pino.transport({ target }));
    default:
      return pino(
        pino.transport({
          targets: [
            { target, level: "info", options: { logger: "first", path } },
            { target: "pino/file", level: "info", options: { destination: "/dev/null" } },
          ],
        }),
      );
  }
}

if (!way.endsWith("targets") && way !== "target") basicConfig({ path });
const log = open();
for (let i = 0; i < count; i++) log.info({ i }, "text");
// Nothing more is told: who reads it sees the end of it.
if (ending !== "flush") closeSync(REPORTS);

switch (ending) {
  case "exit":
    process.exit(0);
    break;
  case "fatal-exit":
    log.fatal({ i: count }, "the end");
    process.exit(1);
    break;
  case "throw":
    throw new Error("nobody catches this");
  case "reject":
    void Promise.reject(new Error("nobody catches this"));
    break;
  case "flush":
    log.flush((error) => {
      const event = error === undefined || error === null ? "flushed" : String(error);
      writeSync(REPORTS, `${JSON.stringify({ event })}\n`);
      closeSync(REPORTS);
      process.kill(process.pid, "SIGKILL");
    });
    break;
  default:
}
