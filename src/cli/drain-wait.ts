import { setMaxListeners } from 'node:events'
import type { DrainProgressView, DrainView, SiteView } from '../engine/views.ts'
import type { Answer } from './link/answer.ts'
import { momentText } from './render/moment.ts'
import { regionOf } from './render/region-order-report.ts'
import type { WaitReport } from './render/wait-report.ts'

/** How far it is, for who watches. */
export interface WaitStand {
  readonly phase: DrainProgressView['phase'] | 'unreachable'
  readonly text: string
  /** In [0, 1]: of the way from the order to the end of the last TTL; undefined while that is not known. */
  readonly done: number | undefined
}

export interface Waited {
  readonly report: WaitReport
  /** As it stood last. */
  readonly drain: DrainView | undefined
}

export interface WaitOptions {
  look(signal: AbortSignal): Promise<Answer<SiteView>>
  readonly region: string
  readonly timeoutMs: number
  readonly everyMs: number
  readonly clock: { now(): number; sleep(ms: number, signal: AbortSignal): Promise<void> }
  show(stand: WaitStand): void
}

/** What keeps a region published may be what the decision before the order says: only what is seen twice counts. */
const heldLooks = 2
const lookMs = 10_000

/** A service that is gone, or has only just begun again, may tell in a moment. */
const passing: ReadonlySet<string> = new Set(['unreachable', 'not-watched'])

const openServers = ({ servers }: DrainProgressView): string =>
  servers
    .filter(({ standing }) => standing === 'with' || standing === 'unreachable')
    .map(({ name, address, standing, detail }) => `${name} (${address}) ${standing === 'with' ? 'still answers with it' : `cannot be asked${detail === null ? '' : `: ${detail}`}`}`)
    .join('; ')

/** Why it goes no further, besides its own phase. */
const heldBy = (view: SiteView, { progress }: DrainView): string | undefined => {
  if (progress.phase === 'held') return progress.text
  if (progress.phase === 'withdrawing' && view.pause !== null) return `the site is paused by ${view.pause.by} (${view.pause.reason}), and nothing is written until ${view.pause.until === null ? 'it is resumed' : momentText(view.pause.until)}; "dns-failover resume" ends that`
  return undefined
}

const doneOf = ({ since, progress: { phase, expiresAt } }: DrainView, at: string): number | undefined => {
  if (phase !== 'expiring' || expiresAt === null) return undefined
  const [from, to] = [Date.parse(since), Date.parse(expiresAt)]
  return to <= from ? 1 : Math.min(1, Math.max(0, (Date.parse(at) - from) / (to - from)))
}

/** Looks until nobody has the region's addresses any more, or it is clear that it does not come to that. Never rejects. */
export const waitForDrain = async ({ look, region, timeoutMs, everyMs, clock, show }: WaitOptions, signal: AbortSignal): Promise<Waited> => {
  const startedAt = clock.now()
  let last: DrainView | undefined
  let trouble = ''
  let held = 0
  const end = (outcome: WaitReport['outcome'], text: string): Waited => {
    const { phase = null, safeSince = null, expiresAt = null, servers = [] } = last?.progress ?? {}
    return { report: { outcome, text, phase, safeSince, expiresAt, servers, waitedMs: Math.round(clock.now() - startedAt) }, drain: last }
  }
  const lookOnce = async (): Promise<Answer<SiteView> | undefined> => {
    try {
      const until = AbortSignal.any([signal, AbortSignal.timeout(lookMs)])
      // Each question to a name server listens, and there may be many.
      setMaxListeners(0, until)
      return await look(until)
    } catch {
      return undefined
    }
  }

  for (;;) {
    const answer = await lookOnce()
    if (signal.aborted) return end('interrupted', 'the wait was interrupted')
    if (answer?.kind === 'done') {
      const view = answer.value
      const drain = regionOf(view, region)?.drain ?? null
      trouble = view.provider.trouble ?? ''
      if (drain === null) return end('ended', 'it was taken back, or its time was over, before it was safe')
      last = drain
      const { phase, text, safeSince } = drain.progress
      if (phase === 'safe') return end('safe', `safe to reboot since ${safeSince ?? view.at}`)
      const why = heldBy(view, drain)
      held = why === undefined ? 0 : held + 1
      if (why !== undefined && held >= heldLooks) return end('held', why)
      show({ phase, text: trouble === '' ? text : `${text}; the provider: ${trouble}`, done: doneOf(drain, view.at) })
    } else if (answer !== undefined && !passing.has(answer.error.code)) {
      return end('failed', answer.error.message)
    } else {
      show({ phase: 'unreachable', text: `${answer?.error.message ?? 'the service does not answer'}; trying again`, done: undefined })
      trouble = answer?.error.message ?? 'the service does not answer'
    }
    if (clock.now() - startedAt >= timeoutMs) {
      const open = last === undefined ? '' : openServers(last.progress)
      const why = [open === '' ? (last?.progress.text ?? '') : open, trouble].filter((each) => each !== '').join('; ')
      return end('timeout', `not safe yet: ${why || 'nothing is known of it'}`)
    }
    await clock.sleep(Math.min(everyMs, Math.max(1, timeoutMs - (clock.now() - startedAt))), signal)
  }
}
