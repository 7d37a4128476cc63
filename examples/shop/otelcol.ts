/** A real OpenTelemetry Collector as a child process. */
import { type ChildProcess, spawn } from "node:child_process";
import { createInterface } from "node:readline";

/** How a collector is started. */
export interface OtelcolOptions {
  /** The program. */
  readonly program: string;
  /** Paths of configurations; of equal settings the last file wins. */
  readonly configs: readonly string[];
  /** Settings that win over all files, by their path: `exporters.file.path`. Values are YAML. */
  readonly settings?: Readonly<Record<string, string>>;
  /** Variables beside those of this process. */
  readonly env?: Readonly<Record<string, string>>;
}

/** Lines of its log that are kept, to be shown when something is wrong. */
const LINE_COUNT_MAX = 200;

/** A line of the collector's log, as far as we look at it. */
interface LogLine {
  readonly msg?: string;
  readonly endpoint?: string;
}

/** A collector that runs. */
export class Otelcol {
  /** Where it takes OTLP, as `127.0.0.1:4318`; undefined where its configuration has no such receiver. */
  httpEndpoint: string | undefined;
  grpcEndpoint: string | undefined;
  /** The last lines of its log, JSON each. */
  readonly lines: string[] = [];
  readonly #child: ChildProcess;
  /** Also when the program cannot be run. */
  readonly #closed: Promise<void>;

  private constructor(child: ChildProcess) {
    this.#child = child;
    const closed = Promise.withResolvers<void>();
    child.once("close", () => closed.resolve());
    child.once("error", ({ message }) => this.lines.push(message));
    this.#closed = closed.promise;
  }

  /** Starts a collector and waits until it takes records. @throws {Error} It ended before; shows the end of its log. */
  static async start({ program, configs, settings = {}, env = {} }: OtelcolOptions): Promise<Otelcol> {
    const args = [
      ...configs.map((path) => `--config=file:${path}`),
      // Where it listens is read from its log. Its own metrics would take a fixed port.
      "--set=service.telemetry.logs.encoding=json",
      "--set=service.telemetry.metrics.level=none",
      ...Object.entries(settings).map(([path, value]) => `--set=${path}=${value}`),
    ];
    // In a group of its own, so that Ctrl-C in a terminal does not end it before everything is delivered.
    const child = spawn(program, args, {
      env: { ...process.env, ...env },
      stdio: ["ignore", "ignore", "pipe"],
      detached: true,
    });
    const collector = new Otelcol(child);
    const stopWithUs = (): void => void child.kill("SIGKILL");
    process.once("exit", stopWithUs);
    void collector.#closed.then(() => process.off("exit", stopWithUs));
    await collector.#untilReady(child);
    return collector;
  }

  /** Ends it in its own way: what it has taken it writes first. @throws {Error} It failed; shows the end of its log. */
  async stop(): Promise<void> {
    this.#child.kill("SIGTERM");
    await this.#closed;
    if (this.#child.exitCode !== 0) throw this.#failure("stop");
  }

  /** Kills it, as a power cut would. */
  async kill(): Promise<void> {
    this.#child.kill("SIGKILL");
    await this.#closed;
  }

  async #untilReady({ stderr }: ChildProcess): Promise<void> {
    if (stderr === null) throw new Error("Cannot read the log of the collector");
    const ready = Promise.withResolvers<void>();
    createInterface({ input: stderr }).on("line", (line) => {
      if (this.lines.push(line) > LINE_COUNT_MAX) this.lines.shift();
      const { msg, endpoint } = parseLine(line);
      if (msg === "Starting HTTP server") this.httpEndpoint = endpoint;
      if (msg === "Starting GRPC server") this.grpcEndpoint = endpoint;
      if (msg?.startsWith("Everything is ready")) ready.resolve();
    });
    const failed = this.#closed.then(() => ready.reject(this.#failure("start")));
    await Promise.race([ready.promise, failed.then(() => ready.promise)]);
  }

  #failure(verb: string): Error {
    const { exitCode, signalCode } = this.#child;
    const end = this.lines.slice(-10).join("\n");
    return new Error(
      `Cannot ${verb} the collector: it ended with ${signalCode ?? `code ${String(exitCode)}`}\n${end}`,
    );
  }
}

function parseLine(line: string): LogLine {
  try {
    return JSON.parse(line) as LogLine;
  } catch {
    return {};
  }
}
