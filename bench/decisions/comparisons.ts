/** The comparisons: which ways, how large, and what of each is in the table. */
import type { PlannedCase } from "../plan.ts";

/** A column of a comparison's table. */
export interface Column {
  readonly measure: string;
  readonly head: string;
  readonly unit: string;
}

/** A row of it. */
export interface Way extends PlannedCase {
  /** What it is, for people. */
  readonly label: string;
}

/** One question, the ways that answer it, and where the answer goes. */
export interface Comparison {
  readonly name: string;
  /** The first is ours. A name that ends in "-again" is the first once more: what it differs by is noise. */
  readonly ways: readonly Way[];
  readonly columns: readonly Column[];
  /** Groups of ways that must deliver the same bytes; each by the ends of their ids. */
  readonly sameBytes: readonly (readonly string[])[];
}

/** Labels by the end of the id. */
type Labels = Readonly<Record<string, string>>;

const AGAIN = "-again";

function waysOf(
  name: string,
  labels: Labels,
  argsOf: (key: string) => { readonly program: string; readonly args: Readonly<Record<string, unknown>> },
): Way[] {
  return Object.entries(labels).map(([key, label]) => ({
    id: `${name}/${key}`,
    label,
    ...argsOf(key.endsWith(AGAIN) ? key.slice(0, -AGAIN.length) : key),
  }));
}

/** All comparisons; tiny ones for a smoke run. */
export function planComparisons({ isSmoke }: { readonly isSmoke: boolean }): readonly Comparison[] {
  return [transfer(isSmoke), wire(isSmoke), render(isSmoke), wake(isSmoke)];
}

function transfer(isSmoke: boolean): Comparison {
  const sizes = isSmoke
    ? { count: 2000, burstSize: 600, warmBursts: 1, bursts: 10 }
    : { count: 1_000_000, burstSize: 5000, warmBursts: 30, bursts: 100 };
  const labels = {
    segments: "segments (ours)",
    "segments-again": "A/A: segments again",
    ring: "contiguous ring",
    "post-buffer": "postMessage, 64 KiB of encoded records",
    "post-batch": "postMessage, arrays of 512 objects",
    "post-each": "postMessage, an object a record",
  };
  return {
    name: "transfer",
    ways: waysOf("transfer", labels, (way) => ({ program: "transfer", args: { way, ...sizes } })),
    columns: [
      { measure: "cpuNsPerRecord", head: "both threads, processor", unit: "ns" },
      { measure: "nsPerCall", head: "sender", unit: "ns" },
      { measure: "nsPerCallBest", head: "sender, best burst", unit: "ns" },
      { measure: "nsPerRecord", head: "until received", unit: "ns" },
    ],
    sameBytes: [Object.keys(labels)],
  };
}

function drainSizes(isSmoke: boolean): object {
  return isSmoke
    ? { warmRounds: 1, rounds: 1, recordCount: 600 }
    : { warmRounds: 5, rounds: 15, recordCount: 20_000 };
}

function wire(isSmoke: boolean): Comparison {
  const labels = {
    "otlp-protobuf": "OTLP protobuf, fragments (ours)",
    "otlp-protobuf-again": "A/A: OTLP protobuf again",
    "otlp-protobufjs": "OTLP protobuf, objects and protobufjs",
    "otlp-json": "OTLP JSON, fragments (ours)",
    "otlp-json-stringify": "OTLP JSON, objects and JSON.stringify",
    "json-fragments": "JSON lines, fragments (ours)",
    msgpack: "MessagePack maps, fragments",
  };
  const argsOf = (rendering: string): object => ({ rendering, isWire: true, ...drainSizes(isSmoke) });
  return {
    name: "wire",
    ways: waysOf("wire", labels, (key) => ({ program: "drain", args: { ...argsOf(key) } })),
    columns: [
      { measure: "renderNs", head: "encoding", unit: "ns" },
      { measure: "decodeNs", head: "decoding in Node", unit: "ns" },
      { measure: "bytesPerRecord", head: "size", unit: "bytes" },
      { measure: "gzipBytesPerRecord", head: "size, gzip", unit: "bytes" },
      { measure: "gzipNs", head: "gzip", unit: "ns" },
    ],
    sameBytes: [
      ["otlp-protobuf", "otlp-protobuf-again"],
      ["otlp-json", "otlp-json-stringify"],
    ],
  };
}

function render(isSmoke: boolean): Comparison {
  const labels = {
    "json-fragments": "fragments (ours)",
    "json-fragments-again": "A/A: fragments again",
    "json-concatenated": "concatenation",
    "json-stringify": "objects and JSON.stringify",
  };
  const argsOf = (rendering: string): object => ({ rendering, isWire: false, ...drainSizes(isSmoke) });
  return {
    name: "render",
    ways: waysOf("render", labels, (key) => ({ program: "drain", args: { ...argsOf(key) } })),
    columns: [
      { measure: "renderNs", head: "a JSON line", unit: "ns" },
      { measure: "bytesPerRecord", head: "size", unit: "bytes" },
    ],
    sameBytes: [Object.keys(labels)],
  };
}

function wake(isSmoke: boolean): Comparison {
  const sizes = isSmoke
    ? { warmCount: 200, steadyTurns: 30, burstTurns: 5, sparseTurns: 3, idleMillis: 50 }
    : { warmCount: 2000, steadyTurns: 1500, burstTurns: 100, sparseTurns: 20, idleMillis: 1000 };
  const labels = {
    lingering: "lingers 50 ms, polls every 5 ms (ours)",
    "lingering-again": "A/A: lingers again",
    "when-asleep": "sleeps at once, woken when asleep",
    "notify-each": "sleeps at once, notified by each record",
    poll: "polls every 5 ms for ever",
  };
  return {
    name: "wake",
    ways: waysOf("wake", labels, (policy) => ({ program: "wake", args: { policy, ...sizes } })),
    columns: [
      { measure: "steadyCallMicros", head: "call, 1 a ms", unit: "µs" },
      { measure: "steadyCallMicros99", head: "its 99th percentile", unit: "µs" },
      { measure: "steadyLatencyMillis", head: "until read", unit: "ms" },
      { measure: "steadyCpuPercent", head: "of a core", unit: "%" },
      { measure: "burstCallMicros", head: "call, 100 each 10 ms", unit: "µs" },
      { measure: "sparseCallMicros", head: "call, 1 in 100 ms", unit: "µs" },
      { measure: "sparseLatencyMillis", head: "until read", unit: "ms" },
      { measure: "idleCpuPercent", head: "idle, of a core", unit: "%" },
    ],
    sameBytes: [Object.keys(labels)],
  };
}
