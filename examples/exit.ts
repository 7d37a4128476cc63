/**
 * Ends right after it has logged, without a word to the handlers, in one of several ways:
 *
 *     node exit.ts natural | exit | throw | reject | SIGTERM | SIGINT | SIGHUP
 *
 * The records go to a file, and to a collector where OTEL_EXPORTER_OTLP_ENDPOINT names one.
 */
import { basicConfig, getLogger } from "femtologging";

const { OTEL_EXPORTER_OTLP_ENDPOINT: endpoint } = process.env;
basicConfig({ path: "exit.jsonl", otlp: endpoint !== undefined, handleSignals: true });
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
