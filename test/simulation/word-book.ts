import type { Schedule } from './schedule.ts'

/** What monitors have really said to the running process, kept apart from the engine's own books. Times are virtual. */
export interface WordBook {
  heard(source: string, region: string, opinion: 'up' | 'down', eventAt: number, at: number): void
  /** A new process: what it still knows of words depends on when the old one wrote them down. */
  restart(losesState: boolean): void
  /** The region leads elsewhere: what is said of it is forgotten once the process has resolved it, which is soon, or not so soon. */
  moved(region: string, at: number): void
  /** What the sources that decide, or have a vote, say of a region. `any`: it may be up, down, or nothing. */
  said(region: string, at: number): readonly { readonly isOverride: boolean; readonly says: 'up' | 'down' | 'any' }[]
}

interface Said {
  readonly says: 'up' | 'down' | 'any'
  readonly eventAt: number
  readonly until: number
}

/** A word that expires just now may count or not. */
const slackMs = 250
/** So long after a move words may still be forgotten for it. */
const resolvedWithinMs = 600_000

export const createWordBook = (schedule: Schedule): WordBook => {
  const { sources } = schedule.operations
  let book = new Map<string, Said>()
  const movedAt = new Map<string, number>()
  return {
    heard: (source, region, opinion, eventAt, at) => {
      const believedMs = sources.find(({ name }) => name === source)?.believedMs ?? 0
      const key = `${source} ${region}`
      const before = book.get(key)
      if (before !== undefined && eventAt < before.eventAt) {
        // Whether it is older news depends on what the process before this one has written down.
        if (before.says === 'any') book.set(key, { ...before, until: Math.max(before.until, at + believedMs) })
        return
      }
      const isSettled = at - (movedAt.get(region) ?? Number.NEGATIVE_INFINITY) > resolvedWithinMs
      book.set(key, { says: isSettled ? opinion : 'any', eventAt, until: at + believedMs })
    },
    restart: (losesState) => {
      book = new Map(losesState ? [] : [...book].map(([key, said]) => [key, { ...said, says: 'any' as const }]))
    },
    moved: (region, at) => {
      movedAt.set(region, at)
      for (const [key, said] of book) if (key.endsWith(` ${region}`)) book.set(key, { ...said, says: 'any' })
    },
    said: (region, at) =>
      sources.flatMap(({ name, mode }) => {
        const said = book.get(`${name} ${region}`)
        if (mode === 'hint' || said === undefined || said.until + slackMs < at) return []
        return [{ isOverride: mode === 'override', says: Math.abs(said.until - at) <= slackMs ? ('any' as const) : said.says }]
      }),
  }
}
