/** How a program logs by pino, and ends: data on its command line. */
export interface PinoPlan {
  readonly way: "destination" | "capture" | "target" | "targets" | "foreign-target";
  /** The file of our handler. */
  readonly path: string;
  readonly count: number;
  readonly ending: "natural" | "exit" | "fatal-exit" | "throw" | "reject" | "end" | "flush";
}
