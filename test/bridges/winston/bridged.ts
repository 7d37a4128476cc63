/** winston loggers whose records can be looked at. */
import { Writable } from "node:stream";
import winston, { type Logger, type LoggerOptions } from "winston";

import { FemtoWinstonTransport, type WinstonTransportOptions } from "../../../src/bridges/winston/index.ts";
import { collect, type Collected } from "../../logger/collect.ts";

/** A logger as JavaScript sees it: each level is a method that takes anything. */
export type AnyWinston = Record<string, (...values: readonly unknown[]) => unknown>;

/** A logger of winston with our transport, on a system of its own. */
export interface Bridged extends Collected {
  readonly logger: Logger;
  readonly call: AnyWinston;
  readonly transport: FemtoWinstonTransport;
}

/** A logger with our transport, and the other transports that `options` names, before it. */
export function bridge(
  options: LoggerOptions = {},
  transportOptions: Omit<WinstonTransportOptions, "logging"> = {},
): Bridged {
  const collected = collect();
  const transport = new FemtoWinstonTransport({ ...transportOptions, logging: collected.logging });
  const others = options.transports ?? [];
  const logger = winston.createLogger({
    ...options,
    transports: [...(Array.isArray(others) ? others : [others]), transport],
  });
  return { ...collected, logger, transport, call: untypedWinston(logger) };
}

/** Any arguments, as in JavaScript. */
function untypedWinston(logger: unknown): AnyWinston {
  return logger as AnyWinston;
}

/** A transport that takes a record and does not come back until it is told to. */
export class SlowTransport extends Writable {
  readonly infos: unknown[] = [];
  #waiting: (() => void) | undefined;
  #isOpen = false;

  constructor() {
    super({ objectMode: true });
  }

  override _write(info: unknown, _encoding: BufferEncoding, callback: () => void): void {
    this.infos.push(info);
    if (this.#isOpen) callback();
    else this.#waiting = callback;
  }

  /** winston looks at its length. */
  log(): void {}

  /** From now on it takes everything at once. */
  open(): void {
    this.#isOpen = true;
    this.#waiting?.();
  }
}

/** As the types of winston want it. */
export function asTransport(stream: Writable): winston.transport {
  return stream;
}
