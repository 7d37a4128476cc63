const SIGNALS = ["SIGTERM", "SIGINT", "SIGHUP"] as const;

let isInstalled = false;

/**
 * Before the process ends by a signal, `flush` is waited for; then the signal takes its course. Where the application listens
 * to the signal itself, its end stays the application's business. Installed once.
 */
export function handleSignals(flush: () => Promise<void>): void {
  if (isInstalled) return;
  isInstalled = true;
  for (const signal of SIGNALS) {
    const onSignal = (): void => {
      void flush()
        .catch(() => {
          // The handlers have counted and said what they left behind.
        })
        .then(() => {
          process.off(signal, onSignal);
          if (process.listenerCount(signal) === 0) process.kill(process.pid, signal);
        });
    };
    process.on(signal, onSignal);
  }
}
