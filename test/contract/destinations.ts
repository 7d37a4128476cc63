import { closeSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Writable } from "node:stream";
import {
  FemtoFileHandler,
  type FemtoHandler,
  FemtoOtlpFileHandler,
  FemtoRotatingFileHandler,
  FemtoStreamHandler,
  FemtoTimedRotatingFileHandler,
} from "../../src/index.ts";
import {
  type DestinationKind,
  type Destination,
  type HandlerOptions,
  numbersInLines,
} from "./destination.ts";
import { Fifo } from "./fifo.ts";
import { allNumbersIn, wholeTextOf } from "../handlers/rotating-fixture.ts";
import { numbersInOtlpLines } from "../support/otlp-lines.ts";
export function makeFolder(): string {
  return mkdtempSync(join(tmpdir(), "femto-contract-"));
}

/** Ends what a test has left: a handler that cannot deliver is given a moment, and counts the rest. */
export async function end(handler: FemtoHandler, folder: string): Promise<void> {
  await handler.shutdown({ timeoutMillis: 100 }).catch(() => {});
  rmSync(folder, { recursive: true });
}

function openFile(options: HandlerOptions, { thread }: { readonly thread: "own" | "inline" }): Destination {
  const folder = makeFolder();
  const path = join(folder, "app.log");
  const handler = new FemtoFileHandler({ ...options, path, thread });
  return {
    handler,
    arrived: () => numbersInLines(readFileSync(path, "utf8")),
    release: () => {},
    close: () => end(handler, folder),
  };
}

/** Files of 20 kB; put away by size, or by size and by the clock. */
function openRotating(
  options: HandlerOptions,
  { isTimed, thread }: { readonly isTimed: boolean; readonly thread: "own" | "inline" },
): Destination {
  const folder = makeFolder();
  const all = { ...options, path: join(folder, "app.log"), thread, maxBytes: 20_000, backupCount: 1000 };
  const handler = isTimed ? new FemtoTimedRotatingFileHandler(all) : new FemtoRotatingFileHandler(all);
  return {
    handler,
    arrived: () => allNumbersIn(handler.path),
    release: () => {},
    close: () => end(handler, folder),
  };
}

/** A pipe is never put away. */
function openRotatingFifo(options: HandlerOptions, thread: "own" | "inline"): Destination {
  const folder = makeFolder();
  const fifo = new Fifo(join(folder, "fifo"));
  const handler = new FemtoRotatingFileHandler({
    ...options,
    path: fifo.path,
    thread,
    maxBytes: 20_000,
    backupCount: 2,
  });
  return {
    handler,
    arrived: () => numbersInLines(fifo.text),
    release: () => fifo.startReading(),
    close: async () => {
      fifo.startReading();
      await end(handler, folder);
      fifo.close();
    },
  };
}

/** A plain file or FIFO; inline: files of 100 kB. */
function openOtlpFile(
  options: HandlerOptions,
  { thread, isStalled }: { readonly thread: "own" | "inline"; readonly isStalled: boolean },
): Destination {
  const folder = makeFolder();
  const fifo = isStalled ? new Fifo(join(folder, "fifo")) : undefined;
  const path = fifo?.path ?? join(folder, "app.jsonl");
  const rotation = thread === "inline" ? { maxBytes: 100_000, backupCount: 1000 } : {};
  const handler = new FemtoOtlpFileHandler({ ...options, ...rotation, path, thread });
  return {
    handler,
    arrived: () => numbersInOtlpLines(fifo?.text ?? wholeTextOf(path)),
    release: () => fifo?.startReading(),
    close: async () => {
      fifo?.startReading();
      await end(handler, folder);
      fifo?.close();
    },
  };
}

function openFifo(
  options: HandlerOptions,
  parts: { readonly thread: "own" | "inline"; readonly isStalled: boolean; readonly isDescriptor: boolean },
): Destination {
  const folder = makeFolder();
  const fifo = new Fifo(join(folder, "fifo"));
  if (!parts.isStalled) fifo.startReading();
  const descriptor = parts.isDescriptor ? fifo.openForWriting() : -1;
  const handler = parts.isDescriptor
    ? new FemtoStreamHandler({ ...options, stream: descriptor })
    : new FemtoFileHandler({ ...options, path: fifo.path, thread: parts.thread });
  return {
    handler,
    arrived: () => numbersInLines(fifo.text),
    release: () => fifo.startReading(),
    close: async () => {
      fifo.startReading();
      await end(handler, folder);
      if (descriptor >= 0) closeSync(descriptor);
      fifo.close();
    },
  };
}

/** A stream that calls back when it is released, and at once from then on. */
class HeldWritable extends Writable {
  text = "";
  #isHeld: boolean;
  #release: (() => void) | undefined;

  constructor(isHeld: boolean) {
    super();
    this.#isHeld = isHeld;
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, onWritten: (error?: Error) => void): void {
    const take = (): void => {
      this.text += chunk.toString("utf8");
      onWritten();
    };
    if (this.#isHeld) this.#release = take;
    else setImmediate(take);
  }

  release(): void {
    this.#isHeld = false;
    this.#release?.();
  }
}

function openWritable(options: HandlerOptions, isStalled: boolean): Destination {
  const stream = new HeldWritable(isStalled);
  const handler = new FemtoStreamHandler({ ...options, stream, format: "json" });
  return {
    handler,
    arrived: () => numbersInLines(stream.text),
    release: () => stream.release(),
    close: () => handler.shutdown({ timeoutMillis: 100 }).catch(() => {}),
  };
}

export const FILE: DestinationKind = {
  name: "a file",
  needsNoEventLoop: true,
  batches: false,
  open: async (options, isStalled) =>
    isStalled
      ? openFifo(options, { thread: "own", isStalled, isDescriptor: false })
      : openFile(options, { thread: "own" }),
};

export const INLINE_FILE: DestinationKind = {
  name: "a file, written inline",
  needsNoEventLoop: true,
  batches: false,
  open: async (options, isStalled) =>
    isStalled
      ? openFifo(options, { thread: "inline", isStalled, isDescriptor: false })
      : openFile(options, { thread: "inline" }),
};

export const ROTATING_FILE: DestinationKind = {
  name: "a rotating file",
  needsNoEventLoop: true,
  batches: false,
  open: async (options, isStalled) =>
    isStalled ? openRotatingFifo(options, "own") : openRotating(options, { isTimed: false, thread: "own" }),
};

export const INLINE_TIMED_ROTATING_FILE: DestinationKind = {
  name: "a file rotating by size and time, written inline",
  needsNoEventLoop: true,
  batches: false,
  open: async (options, isStalled) =>
    isStalled
      ? openRotatingFifo(options, "inline")
      : openRotating(options, { isTimed: true, thread: "inline" }),
};

export const OTLP_FILE: DestinationKind = {
  name: "a file of OTLP JSON lines",
  needsNoEventLoop: true,
  batches: false,
  open: async (options, isStalled) => openOtlpFile(options, { thread: "own", isStalled }),
};

export const INLINE_ROTATING_OTLP_FILE: DestinationKind = {
  name: "a rotating file of OTLP JSON lines, written inline",
  needsNoEventLoop: true,
  batches: false,
  open: async (options, isStalled) => openOtlpFile(options, { thread: "inline", isStalled }),
};

export const PIPE: DestinationKind = {
  name: "the descriptor of a pipe",
  needsNoEventLoop: true,
  batches: false,
  open: async (options, isStalled) => openFifo(options, { thread: "own", isStalled, isDescriptor: true }),
};

export const WRITABLE: DestinationKind = {
  name: "a Writable",
  needsNoEventLoop: false,
  batches: false,
  open: async (options, isStalled) => openWritable(options, isStalled),
};
