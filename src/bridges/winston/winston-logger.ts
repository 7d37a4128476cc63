// What the bridge needs of a logger of winston 3, and nothing more: copies of winston may be of different versions.
import type { WinstonLevels } from "../../options/winston-options.ts";
import { noteCall } from "./call-note.ts";

/** Says of a transport, whichever copy of this module it comes from, that it is ours. */
export const TRANSPORT_MARK: unique symbol = Symbol.for("femtologging.winston.transport");

type Write = (this: unknown, info: unknown, encoding?: unknown, callback?: unknown) => boolean;

/** A logger of winston 3: a transform stream of records. Children have it as their prototype. */
export interface WinstonLogger {
  readonly levels: WinstonLevels;
  readonly level?: unknown;
  readonly readableFlowing: boolean | null;
  readonly readableLength: number;
  readonly writableLength: number;
  write: Write;
  read(): unknown;
}

/** What stands in for `write` of loggers, and how many transports want it there. */
interface Tap {
  readonly write: Write;
  readonly before: PropertyDescriptor | undefined;
  useCount: number;
}

const taps = new WeakMap<object, Tap>();

/** Tells a logger of winston 3 from any other stream that may be piped into a transport. */
export function isWinstonLogger(value: unknown): value is WinstonLogger {
  if (typeof value !== "object" || value === null) return false;
  const logger = value as Partial<WinstonLogger>;
  return typeof logger.levels === "object" && typeof logger.write === "function" && "transports" in logger;
}

/** Whether what is written now may reach the transports later: one of them is slow, or a record is being made. */
export function isBackedUp(logger: WinstonLogger): boolean {
  return logger.readableFlowing !== true || logger.readableLength > 0 || logger.writableLength > 0;
}

/** Has the calls of a logger noted; each is to be followed by one of `untapWrites`. */
export function tapWrites(logger: WinstonLogger): void {
  const owner = writeOwner(logger);
  const known = taps.get(owner);
  if (known !== undefined) {
    known.useCount++;
    return;
  }
  const before = Object.getOwnPropertyDescriptor(owner, "write");
  const original = owner.write;
  const tap: Tap = {
    before,
    useCount: 1,
    write: function tappedWrite(this: unknown, info, encoding, callback) {
      if (tap.useCount > 0) noteCall(info, isBackedUp(owner));
      return original.call(this, info, encoding, callback);
    },
  };
  taps.set(owner, tap);
  Object.defineProperty(owner, "write", {
    value: tap.write,
    configurable: true,
    writable: true,
    enumerable: false,
  });
}

/** Ends a tap. Where somebody has put a `write` of their own over it, it stays and passes everything on. */
export function untapWrites(logger: WinstonLogger): void {
  const owner = writeOwner(logger);
  const tap = taps.get(owner);
  if (tap === undefined) return;
  tap.useCount--;
  if (tap.useCount > 0 || owner.write !== tap.write) return;
  taps.delete(owner);
  if (tap.before === undefined) delete (owner as Partial<WinstonLogger>).write;
  else Object.defineProperty(owner, "write", tap.before);
}

/** The logger itself, or the one that a child writes to: a child's own `write` cannot be replaced. */
function writeOwner(logger: WinstonLogger): WinstonLogger {
  const own = Object.getOwnPropertyDescriptor(logger, "write");
  if (own === undefined || own.configurable === true) return logger;
  return writeOwner(Object.getPrototypeOf(logger) as WinstonLogger);
}
