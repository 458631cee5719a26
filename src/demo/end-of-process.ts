/** Ends the process's work in order on a signal, and by force where it crashes. */
export interface EndOfProcess {
  /** Aborts on SIGINT, SIGTERM and SIGHUP. */
  readonly signal: AbortSignal
  /** Registers what must be undone even if the program crashes; harmless if it has been undone already. */
  onCrash(undo: () => void): void
}

/** How long an orderly end may take; a second signal ends it at once. */
const patienceMs = 5000

export const watchEndOfProcess = (): EndOfProcess => {
  const controller = new AbortController()
  const undos: (() => void)[] = []
  const undoAll = (): void => {
    for (const undo of undos.splice(0).toReversed()) {
      try {
        undo()
      } catch {
        // The others are to be undone all the same.
      }
    }
  }
  const onSignal = (): void => {
    if (controller.signal.aborted) process.exit(1)
    controller.abort()
    setTimeout(() => process.exit(1), patienceMs).unref()
  }
  process.on('SIGINT', onSignal).on('SIGTERM', onSignal).on('SIGHUP', onSignal)
  process.on('exit', undoAll)
  // Before Node prints what went wrong, so that it can be read on the terminal as it was.
  process.on('uncaughtExceptionMonitor', undoAll)
  return { signal: controller.signal, onCrash: (undo) => void undos.push(undo) }
}
