/** A frame that is no record: what is wrong with it. It is counted as malformed, and the connection goes on. */
export class FrameFault extends Error {
  static {
    this.prototype.name = "FrameFault";
  }
}

/** Deepest nesting of arrays and maps in a payload, that of the record itself included. Senders stop at 64 and a few. */
export const depthMax = 100;

/** Arrays and maps in a payload: an empty one is a single byte on the wire, but dozens in memory. */
export const containerCountMax = 65_536;
