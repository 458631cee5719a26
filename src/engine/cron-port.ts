/** Calls back at the times of cron expressions. The machine's clock may step: turns follow it, and none is made up for. */
export interface Cron {
  /**
   * Runs `act` at each turn of `expression` (with seconds) until the signal aborts; a turn that comes while `act` still
   * runs is left out. What `act` throws is logged.
   */
  on(expression: string, act: () => Promise<void> | void, signal: AbortSignal): void
}
