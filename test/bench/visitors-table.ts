import { type Visit, type VisitorKind, visitorKinds } from '../lab/visits.ts'

/** What visitors of one kind met with, from the moment that a server went bad. */
export interface Experience {
  readonly visits: number
  readonly served: number
  /** Milliseconds; of those who were served, and of those who were not. */
  readonly worstMs: number
  /** When the last one began that was not served within three seconds, since the server went bad; undefined: none. */
  readonly lastBadMs: number | undefined
}

/** Somebody who waits longer than this thinks that it does not work. */
const inTimeMs = 3000

export const experienceOf = (visits: readonly Visit[], kind: VisitorKind, badSince: number): Experience => {
  const own = visits.filter((visit) => visit.kind === kind && visit.at >= badSince)
  const bad = own.filter(({ isServed, ms }) => !isServed || ms > inTimeMs)
  return {
    visits: own.length,
    served: own.filter(({ isServed }) => isServed).length,
    worstMs: Math.max(0, ...own.map(({ ms }) => ms)),
    lastBadMs: bad.length === 0 ? undefined : Math.max(...bad.map(({ at }) => at)) - badSince,
  }
}

export interface Round {
  /** In words: what is wrong with the server. */
  readonly fault: string
  readonly isManaged: boolean
  readonly badSince: number
  readonly visits: readonly Visit[]
}

const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`
const share = ({ served, visits }: Experience): string => (visits === 0 ? '-' : `${((100 * served) / visits).toFixed(0)} %`)
const names: Readonly<Record<VisitorKind, string>> = { curl: 'curl', node: 'Node', python: 'Python', chromium: 'Chromium' }

/** A Markdown table: served and the worst wait, without the manager and with it, and when it was over. */
export const visitorsTable = (rounds: readonly Round[]): string => {
  const faults = [...new Set(rounds.map(({ fault }) => fault))]
  const rows = faults.flatMap((fault) =>
    visitorKinds.map((kind) => {
      const cells = [false, true].flatMap((isManaged) => {
        const round = rounds.find((each) => each.fault === fault && each.isManaged === isManaged)
        if (round === undefined) return ['-', '-', ...(isManaged ? ['-'] : [])]
        const experience = experienceOf(round.visits, kind, round.badSince)
        const over = experience.lastBadMs === undefined ? 'nobody noticed' : seconds(experience.lastBadMs)
        return [share(experience), seconds(experience.worstMs), ...(isManaged ? [over] : [])]
      })
      return `| ${[fault, names[kind], ...cells].join(' | ')} |\n`
    }),
  )
  return `| the bad server | visitor | served | worst wait | served with dns-failover | worst wait | over after |\n|---|---|---|---|---|---|---|\n${rows.join('')}`
}
