import { follow, type LabCommand } from './lab-command.ts'

export type VisitorKind = 'curl' | 'node' | 'python' | 'chromium'
export const visitorKinds: readonly VisitorKind[] = ['curl', 'node', 'python', 'chromium']

/** What one fresh visitor met with. `at`: its start, in milliseconds since the epoch. */
export interface Visit {
  readonly kind: VisitorKind
  readonly at: number
  readonly ms: number
  readonly isServed: boolean
  readonly detail?: string
}

export interface Visitors {
  /** The visits that began at `from` or later, once there are some of each kind and all that have begun so far have ended. */
  since(from: number): Promise<readonly Visit[]>
  /** Sends no more, and gives all once the last has ended. */
  stop(): Promise<readonly Visit[]>
}

type Line = { readonly event: 'ready' } | { readonly event: 'begins'; readonly kind: VisitorKind; readonly at: number } | ({ readonly event: 'ends' } & Visit)

/** Visitors of the site through the lab's resolver, of each kind one in so many milliseconds, and so many at once at most. */
export const sendVisitors = async (lab: LabCommand, pace: Readonly<Partial<Record<VisitorKind, number>>>, patienceMs: number, atOnce = 80): Promise<Visitors> => {
  const begun: { readonly kind: VisitorKind; readonly at: number }[] = []
  const visits: Visit[] = []
  const child = lab.start('visit', `--patience=${patienceMs}`, `--at-once=${atOnce}`, ...Object.entries(pace).map(([kind, everyMs]) => `${kind}=${everyMs}`))
  let begin: () => void = () => undefined
  const ready = new Promise<void>((resolve) => (begin = resolve))
  const { over } = follow(child, (line) => {
    const said = JSON.parse(line) as Line
    switch (said.event) {
      case 'ready':
        return begin()
      case 'begins':
        return void begun.push(said)
      case 'ends': {
        const { event: _, ...visit } = said
        return void visits.push(visit)
      }
    }
  })
  const gone = over.then(() => Promise.reject(new Error('the visitors have gone home')))
  gone.catch(() => undefined)
  const until = async (isSo: () => boolean): Promise<void> => {
    while (!isSo()) await Promise.race([new Promise((resolve) => setTimeout(resolve, 50)), gone])
  }
  const within = <T extends { readonly at: number }>(all: readonly T[], from: number, to: number): readonly T[] => all.filter(({ at }) => at >= from && at <= to)
  await Promise.race([ready, gone])
  return {
    since: async (from) => {
      await until(() => visitorKinds.every((kind) => pace[kind] === undefined || begun.some((visit) => visit.kind === kind && visit.at >= from)))
      const to = Date.now()
      await until(() => within(begun, from, to).length === within(visits, from, to).length)
      return within(visits, from, to)
    },
    stop: async () => {
      child.stdin?.end()
      await over
      return visits
    },
  }
}
