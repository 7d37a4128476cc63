import { readFileSync, realpathSync } from "node:fs";

const TYPE_FIELD = 4;
const PATH_FIELD = 7;
const TYPES: Readonly<Record<string, "stream" | "datagram">> = { "0001": "stream", "0002": "datagram" };

/**
 * What kind of Unix socket is bound to a path, as Linux lists it. Any thread; reads two small files.
 *
 * @returns Undefined where the system does not say: the path is bound in another container, or it is no Linux.
 * @see proc_pid_net(5), /proc/net/unix
 */
export function unixSocketKind(path: string): "stream" | "datagram" | undefined {
  try {
    const bound = new Set([path, realpathSync(path)]);
    for (const line of readFileSync("/proc/net/unix", "utf8").split("\n")) {
      const fields = line.split(/\s+/);
      if (bound.has(fields.slice(PATH_FIELD).join(" "))) return TYPES[fields[TYPE_FIELD] ?? ""];
    }
    return undefined;
  } catch {
    return undefined;
  }
}
