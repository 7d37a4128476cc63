// Logs bursts to a file until it is killed; says after each on descriptor 3 how many records there were.
import { writeSync } from "node:fs";
import { basicConfig, FemtoFileHandler, getLogger } from "../../../src/index.ts";

const BURST_COUNT = 100;
const BURST_MILLIS = 5;
const REPORTS = 3;

const {
  path,
  handleSignals = false,
  endsItself = false,
} = JSON.parse(process.argv[2] ?? "") as {
  readonly path: string;
  readonly handleSignals?: boolean;
  /** The application listens to SIGTERM itself, and goes on logging for a while. */
  readonly endsItself?: boolean;
};

basicConfig({ handlers: [new FemtoFileHandler({ path })], handleSignals });
const logger = getLogger("ever");
let count = 0;

function logBurst(): void {
  for (let i = 0; i < BURST_COUNT; i++) logger.info("record {i}", { i: count++ });
  writeSync(REPORTS, `${JSON.stringify({ event: "logged", count })}\n`);
}

if (endsItself) {
  process.once("SIGTERM", () => {
    setTimeout(() => {
      logBurst();
      process.exit(9);
    }, 20);
  });
}
setInterval(logBurst, BURST_MILLIS);
