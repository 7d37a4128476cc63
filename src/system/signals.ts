const SIGNALS = ["SIGTERM", "SIGINT", "SIGHUP"] as const;

let isInstalled = false;

/**
 * Before the process ends by a signal, `flush` is waited for; then the signal takes its course. Where the application listens
 * to the signal itself, its end stays the application's business, and what it logs until then is still taken. A second signal
 * of the kind is not held up. Installed once.
 *
 * @param flush Brings out what was logged. May reject: who could not deliver has said so.
 * @param flushSync Does so for what was logged meanwhile, at the very end.
 */
export function handleSignals(flush: () => Promise<void>, flushSync: () => void): void {
  if (isInstalled) return;
  isInstalled = true;
  for (const signal of SIGNALS) handleSignal(signal, flush, flushSync);
}

function handleSignal(signal: NodeJS.Signals, flush: () => Promise<void>, flushSync: () => void): void {
  let isUnderWay = false;
  let wasAlone = true;
  const isAlone = (): boolean => process.listeners(signal).every((listener) => listener === onSignal);
  const pass = (isImpatient: boolean): void => {
    const endsProcess = wasAlone && isAlone();
    // The next signal of the kind is not ours to hold up.
    process.off(signal, onSignal);
    if (!endsProcess) return;
    if (!isImpatient) flushSync();
    process.kill(process.pid, signal);
  };
  const onSignal = (): void => {
    if (isUnderWay) {
      pass(true);
      return;
    }
    isUnderWay = true;
    wasAlone = isAlone();
    void flush()
      .catch(() => {
        // The handlers have counted and said what they left behind.
      })
      .then(() => pass(false));
  };
  // The first to be called: listeners that were added with `once` are still to be seen.
  process.prependListener(signal, onSignal);
}
