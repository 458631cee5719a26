import type { ReconcileIo } from './reconcile.ts'

/** What a verb gets of the process that it runs in, and how it says how it ended. */
export interface Invocation {
  readonly io: (options: { readonly color: boolean }) => ReconcileIo
  readonly env: NodeJS.ProcessEnv
  /** Aborts on SIGINT and SIGTERM. */
  readonly signal: AbortSignal
  readonly setExitCode: (code: number) => void
}
