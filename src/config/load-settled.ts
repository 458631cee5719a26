import { type LoadedConfig, type LoadOptions, loadConfig, unreadable } from './load-config.ts'

export interface Patience {
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>
  /** So long nothing is written before a config counts as whole. */
  readonly settleMs: number
  /** From the first reading until it is given up. */
  readonly withinMs: number
}

/**
 * Reads a config that somebody may be writing just now: again and again until two readings in a row, `settleMs` apart,
 * find the same in the file and in all that it names. One that never settles is a problem in the result; half a file can
 * be a good config that says something else. Undefined if the signal aborts. Never rejects.
 */
export const loadSettled = async (file: string, env: NodeJS.ProcessEnv, { sleep, settleMs, withinMs }: Patience, signal: AbortSignal, options: LoadOptions = {}): Promise<LoadedConfig | undefined> => {
  let before = await loadConfig(file, env, options)
  for (let waitedMs = 0; waitedMs < withinMs; waitedMs += settleMs) {
    await sleep(settleMs, signal)
    if (signal.aborted) return undefined
    const loaded = await loadConfig(file, env, options)
    if (loaded.version === before.version) return loaded
    before = loaded
  }
  const message = `the config, or a file that it names, was still being written to after ${withinMs / 1000} s; read it again when it is whole`
  return { ...unreadable(file, message, before.version), redact: before.redact, secrets: before.secrets }
}
