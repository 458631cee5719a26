import type { DrainProgressView } from '../../engine/views.ts'

/** How waiting for a drain came out, as `--json` has it. */
export interface WaitReport {
  readonly outcome: 'safe' | 'held' | 'ended' | 'timeout' | 'interrupted' | 'failed'
  readonly text: string
  readonly phase: DrainProgressView['phase'] | null
  readonly safeSince: string | null
  readonly expiresAt: string | null
  readonly servers: DrainProgressView['servers']
  readonly waitedMs: number
}
