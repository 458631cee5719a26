import { fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

/** What the client has seen since it was told to measure. */
export interface ClientReport {
  /** How often what came of which kind of request: `site 200`, `bad-token 401`; and `asked`, in all. */
  readonly tally: Readonly<Record<string, number>>
  /** How long answers of status 200 took, milliseconds. */
  readonly p50: number
  readonly p99: number
  /** Readers of events who are still there. */
  readonly readers: number
  /** Requests without an answer yet. */
  readonly waiting: number
}

export interface LoadOptions {
  readonly host: string
  readonly port: number
  /** May read and operate. */
  readonly token: string
  /** May speak for the webhook source `scripts`. */
  readonly webhookToken: string
  readonly sites: readonly string[]
  readonly perSecond: number
}

export interface LoadClient {
  /** Forgets what has been counted. */
  measure(): void
  stop(): Promise<ClientReport>
}

const program = fileURLToPath(new URL('load-client/load-client.mjs', import.meta.url))

/** Begins to ask, from a process of its own. */
export const startLoadClient = (options: LoadOptions): LoadClient => {
  const child = fork(program, [JSON.stringify(options)], { execArgv: [] })
  return {
    measure: () => void child.send('measure'),
    stop: async () => {
      const ended = once(child, 'close')
      child.send('stop')
      const [report] = (await once(child, 'message', { signal: AbortSignal.timeout(10_000) })) as [ClientReport]
      await ended
      return report
    },
  }
}
