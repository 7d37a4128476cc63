/** A real rsyslogd, in the foreground, with a configuration and files of its own. */
import { type ChildProcess, spawn } from "node:child_process";
import { createSocket } from "node:dgram";
import { once } from "node:events";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { vi } from "vitest";

/** Where Debian and others install it, and where PATH says. */
const PATHS: readonly string[] = ["/usr/sbin", "/sbin", ...(process.env["PATH"] ?? "").split(":")];
const LONG = { timeout: 20_000 };

/** The program; undefined where it is not installed. */
export const rsyslogd: string | undefined = PATHS.map((folder) => join(folder, "rsyslogd")).find((path) =>
  existsSync(path),
);

/** What rsyslogd has understood of a message: its own names. */
export interface UnderstoodMessage {
  readonly facility: string;
  readonly severity: string;
  readonly time: string;
  readonly hostname: string;
  readonly tag: string;
  readonly app: string;
  readonly procid: string;
  readonly msgid: string;
  readonly data: string;
  readonly msg: string;
}

const PROPERTIES: Readonly<Record<keyof UnderstoodMessage, string>> = {
  facility: 'name="syslogfacility-text"',
  severity: 'name="syslogseverity-text"',
  time: 'name="timereported" dateFormat="rfc3339"',
  hostname: 'name="hostname"',
  tag: 'name="syslogtag"',
  app: 'name="app-name"',
  procid: 'name="procid"',
  msgid: 'name="msgid"',
  data: 'name="structured-data"',
  msg: 'name="msg"',
};

export class Rsyslog {
  /** Port of TCP and of UDP. */
  readonly port: number;
  /** A Unix socket that takes datagrams, as `/dev/log` mostly does. */
  readonly socketPath: string;
  readonly #process: ChildProcess;
  readonly #folder: string;

  private constructor(parts: {
    readonly process: ChildProcess;
    readonly folder: string;
    readonly port: number;
  }) {
    this.#process = parts.process;
    this.#folder = parts.folder;
    this.port = parts.port;
    this.socketPath = join(parts.folder, "log");
  }

  /** @param program Path of rsyslogd. */
  static async start(program: string): Promise<Rsyslog> {
    const folder = mkdtempSync(join(tmpdir(), "femto-rsyslog-"));
    const port = await freePort();
    const path = join(folder, "rsyslog.conf");
    writeFileSync(path, configuration(folder, port));
    const child = spawn(program, ["-n", "-f", path, "-i", join(folder, "pid")], {
      stdio: ["ignore", "pipe", "pipe"],
    });
    const said: string[] = [];
    for (const stream of [child.stdout, child.stderr])
      stream.on("data", (chunk: Buffer) => said.push(chunk.toString()));
    const started = new Rsyslog({ process: child, folder, port });
    try {
      await vi.waitFor(() => {
        if (child.exitCode !== null || !existsSync(started.socketPath) || !existsSync(join(folder, "port"))) {
          throw new Error(`rsyslogd is not up: ${said.join("")}`);
        }
      }, LONG);
    } catch (error) {
      await started.stop();
      throw error;
    }
    return started;
  }

  /** Port of TCP, which rsyslogd has chosen. */
  get tcpPort(): number {
    return Number(readFileSync(join(this.#folder, "port"), "utf8"));
  }

  /** Waits until so many messages were written. */
  async received(count: number): Promise<readonly UnderstoodMessage[]> {
    return vi.waitFor(() => {
      const path = join(this.#folder, "messages");
      const lines = existsSync(path) ? readFileSync(path, "utf8").split("\n").slice(0, -1) : [];
      if (lines.length < count)
        throw new Error(`rsyslogd has written ${lines.length} messages, not ${count}`);
      return lines.map((line) => JSON.parse(line) as UnderstoodMessage);
    }, LONG);
  }

  async stop(): Promise<void> {
    if (this.#process.exitCode === null && this.#process.signalCode === null) {
      this.#process.kill("SIGTERM");
      await once(this.#process, "exit");
    }
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

function configuration(folder: string, port: number): string {
  const properties = Object.entries(PROPERTIES).map(
    ([name, property]) => `property(outname="${name}" ${property} format="jsonf")`,
  );
  return `
global(workDirectory="${folder}")
module(load="imtcp")
module(load="imudp")
module(load="imuxsock" SysSock.Use="off")
input(type="imtcp" address="127.0.0.1" port="0" listenPortFileName="${join(folder, "port")}")
input(type="imudp" address="127.0.0.1" port="${port}")
input(type="imuxsock" socket="${join(folder, "log")}")
template(name="understood" type="list") {
  constant(value="{")
  ${properties.join('\n  constant(value=", ")\n  ')}
  constant(value="}\\n")
}
action(type="omfile" file="${join(folder, "messages")}" template="understood")
`;
}

/** A port of UDP that is free now: rsyslogd cannot choose one and say which. */
async function freePort(): Promise<number> {
  const socket = createSocket("udp4");
  socket.bind(0, "127.0.0.1");
  await once(socket, "listening");
  const { port } = socket.address();
  socket.close();
  await once(socket, "close");
  return port;
}
