import { reportOnce } from "../diagnostics.ts";

/** A property of somebody else's that is replaced. */
export interface PatchedProperty {
  readonly target: object;
  readonly name: string;
  /** As trouble says it: `console.log`. */
  readonly label: string;
}

/**
 * Replaces a property.
 *
 * @returns Puts back what was there, unless somebody has replaced it since: then nothing is changed, which is said once, and `value` must
 * pass everything on.
 * @throws {TypeError} The object is frozen, or the property cannot be changed.
 */
export function patchProperty({ target, name, label }: PatchedProperty, value: unknown): () => void {
  const before = Object.getOwnPropertyDescriptor(target, name);
  const isPatched = Reflect.defineProperty(target, name, {
    value,
    writable: true,
    enumerable: before?.enumerable ?? true,
    configurable: true,
  });
  if (!isPatched) {
    throw new TypeError(
      `Cannot capture ${label}: it cannot be replaced, because its object is frozen or sealed; capture before that is done`,
    );
  }
  return () => {
    if (Object.getOwnPropertyDescriptor(target, name)?.value !== value) {
      reportOnce(
        `patch ${label}`,
        `Cannot put ${label} back: somebody has replaced it since it was captured; ours stays below theirs and passes everything on`,
      );
      return;
    }
    if (before === undefined) Reflect.deleteProperty(target, name);
    else Object.defineProperty(target, name, before);
  };
}
