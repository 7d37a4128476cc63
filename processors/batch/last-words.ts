/** What is to be done first at the end of the process or thread, while records can still be logged. */
const lastWords = new Set<() => void>();

/**
 * Calls `say` at the end of the process or thread, before handlers are flushed for the last time.
 * @returns A function that ends that.
 */
export function beforeLastFlush(say: () => void): () => void {
  lastWords.add(say);
  return () => lastWords.delete(say);
}

/** Says all last words. */
export function sayLastWords(): void {
  for (const say of lastWords) say();
}
