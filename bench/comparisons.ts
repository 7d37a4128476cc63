/** Requirements that compare a peer with us. */
import type { ReadMeasure, Requirement } from "./requirement.ts";

interface Comparison {
  readonly id: string;
  readonly label: string;
  /** `question/subject` of the peer, whose measure is divided by ours. */
  readonly peer: string;
  readonly own: string;
  readonly measure: string;
  readonly must?: number;
  readonly aim?: number;
}

/** A row that says how many times more the peer takes. */
export function timesLess(comparison: Comparison): Requirement {
  const { peer, own, measure, ...row } = comparison;
  const value = (read: ReadMeasure): number => read(peer, measure) / read(own, measure);
  return { ...row, unit: "x", isBetter: "higher", cases: [peer, own], value };
}

export function against(
  question: string,
  measure: string,
  peers: readonly {
    readonly peer: string;
    readonly label: string;
    readonly must?: number;
    readonly aim?: number;
  }[],
): Requirement[] {
  return peers.map(({ peer, ...row }) =>
    timesLess({
      id: `${question}/${peer}/${measure}`,
      peer: `${question}/${peer}`,
      own: `${question}/femtologging`,
      measure,
      ...row,
    }),
  );
}

/** Calls with a handler for a file, measured twice: how far two measurements of the same thing lie apart. */
