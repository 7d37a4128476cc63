/** Edits (insert, delete, replace, swap neighbours) that still count as a slip of the pen, for a name of some length. */
function editCountMax(name: string): number {
  return name.length < 5 ? 1 : Math.min(3, Math.floor(name.length / 3));
}

/** Names beyond this are no misspelling, and comparing them would cost their length squared. */
const nameUnitsMax = 64;

/**
 * Finds the name that somebody probably meant: the same but for case, `_` and `-`, else the one with the fewest edits.
 * Any thread.
 *
 * @param name What was written.
 * @param candidates What there is.
 * @returns One of `candidates`, the first of equals; `undefined` when none is near.
 */
export function nearestName(name: string, candidates: Iterable<string>): string | undefined {
  if (name.length > nameUnitsMax) return undefined;
  const wanted = normalize(name);
  let nearest: string | undefined;
  let nearestEditCount = editCountMax(wanted) + 1;
  for (const candidate of candidates) {
    const editCount = countEdits(wanted, normalize(candidate));
    if (editCount >= nearestEditCount) continue;
    nearest = candidate;
    nearestEditCount = editCount;
  }
  return nearest;
}

function normalize(name: string): string {
  return name.toLowerCase().replaceAll(/[_-]/g, "");
}

/** Optimal string alignment distance: each row needs only the two before it. */
function countEdits(from: string, to: string): number {
  let beforePrevious: number[] = [];
  let previous = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (let row = 1; row <= from.length; row++) {
    const current = [row];
    for (let column = 1; column <= to.length; column++) {
      const isSame = from[row - 1] === to[column - 1];
      const isSwap = from[row - 1] === to[column - 2] && from[row - 2] === to[column - 1];
      current.push(
        Math.min(
          at(previous, column) + 1,
          at(current, column - 1) + 1,
          at(previous, column - 1) + (isSame ? 0 : 1),
          isSwap ? at(beforePrevious, column - 2) + 1 : Infinity,
        ),
      );
    }
    beforePrevious = previous;
    previous = current;
  }
  return at(previous, to.length);
}

function at(row: readonly number[], index: number): number {
  return row[index] ?? Infinity;
}
