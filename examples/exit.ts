/**
 * Ends right after it has logged, without a word to the handlers, in one of several ways:
 *
 *     node exit.ts natural | exit | throw | reject | SIGTERM | SIGINT | SIGHUP
 *
 * The records go to a file and to a collector. The end may take as long as EXIT_TIMEOUT_MILLIS says.
 */
import { basicConfig, FemtoFileHandler, FemtoOtlpHttpHandler, getLogger } from "femtologging";

const exitTimeoutMillis = Number(process.env["EXIT_TIMEOUT_MILLIS"] ?? 2_000);
const handlers = [
  new FemtoFileHandler({ path: "exit.jsonl", exitTimeoutMillis }),
  new FemtoOtlpHttpHandler({ exitTimeoutMillis }),
];
basicConfig({ handlers, handleSignals: true });
const log = getLogger("exit");
for (let i = 0; i < 1_000; i++) log.info("record {i}", { i });

const ends: Readonly<Record<string, () => void>> = {
  natural: () => {},
  exit: () => process.exit(3),
  throw: () => {
    throw new Error("nobody catches this");
  },
  reject: () => void Promise.reject(new Error("nobody catches this")),
};
const [, , way = "natural"] = process.argv;
const end = ends[way] ?? waitForSignal;
end();

/** As a service would: it goes on until the signal comes. */
function waitForSignal(): void {
  setInterval(() => {}, 1_000);
  process.kill(process.pid, way);
}
