import { availableParallelism } from "node:os";

import type { ReadMeasure, Requirement } from "../requirement.ts";

/** From so many cores on threads must gain; with fewer the handler's thread and one that logs have all of them already. */
const CORES_TO_GAIN = 4;
const GAIN_MIN = 1.5;
const SHARE_MIN = 0.95;

function ratio(read: ReadMeasure, subject: string): number {
  return read("threads/1", "nsPerRecord") / read(subject, "nsPerRecord");
}

/** Several threads of the application against one. */
export const threads: readonly Requirement[] = [
  {
    id: "threads/4/nsPerRecord",
    label: "four threads that log to one file, throughput against one thread",
    unit: "x",
    isBetter: "higher",
    must: availableParallelism() >= CORES_TO_GAIN ? GAIN_MIN : SHARE_MIN,
    cases: ["threads/1", "threads/4"],
    value: (read) => ratio(read, "threads/4"),
  },
  {
    id: "threads/again/nsPerRecord",
    label: "A/A: one thread that logs to one file, against itself",
    unit: "x",
    isBetter: "higher",
    cases: ["threads/1", "threads/1-again"],
    value: (read) => ratio(read, "threads/1-again"),
  },
];
