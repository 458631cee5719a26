import { follow, type LabCommand } from './lab-command.ts'

export interface Moment {
  /** Milliseconds since the epoch. */
  readonly at: number
  /** The addresses, in order. */
  readonly addresses: string
}

export interface Publication {
  /** When the zone's own server was first seen to answer with exactly these, from `since` on; rejects after `withinMs`. */
  until(addresses: readonly string[], since: number, withinMs: number): Promise<number>
  /** Until it has answered with these alone for three seconds. */
  rests(addresses: readonly string[], withinMs: number): Promise<void>
  /** Every set that it has answered with since then, without repetitions. */
  setsSince(since: number): readonly string[]
  stop(): void
}

export const setText = (addresses: readonly string[]): string => addresses.toSorted().join(' ')

/** Asks the zone's name server some times a second what the site's addresses are. */
export const watchPublication = async (lab: LabCommand, site: string): Promise<Publication> => {
  const moments: Moment[] = []
  const child = lab.start('exec', 'dns', '/bin/sh', '-c', `while echo "$(date +%s%3N)" $(dig +short +tries=1 +time=1 @10.0.53.53 ${site} A | sort); do sleep 0.2; done`)
  const { over } = follow(child, (line) => {
    const [at, ...addresses] = line.trim().split(' ')
    moments.push({ at: Number(at), addresses: setText(addresses) })
  })
  const wait = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 50))
  while (moments.length === 0) await Promise.race([wait(), over.then(() => Promise.reject(new Error('the name server could not be watched')))])
  const since = (from: number): readonly Moment[] => moments.filter(({ at }) => at >= from)
  return {
    until: async (addresses, from, withinMs) => {
      const wanted = setText(addresses)
      for (;;) {
        const found = since(from).find((moment) => moment.addresses === wanted)
        if (found !== undefined) return found.at
        if (Date.now() > from + withinMs) throw new Error(`not ${wanted} within ${withinMs} ms, but ${[...new Set(since(from).map((each) => each.addresses))].join(', then ')}`)
        await wait()
      }
    },
    rests: async (addresses, withinMs) => {
      const begun = Date.now()
      for (;;) {
        const lately = since(Math.max(begun, Date.now() - 3000))
        if (Date.now() >= begun + 3000 && lately.length > 0 && lately.every((moment) => moment.addresses === setText(addresses))) return
        if (Date.now() > begun + withinMs) throw new Error(`not at rest with ${setText(addresses)} within ${withinMs} ms, but ${[...new Set(since(begun).map((each) => each.addresses))].join(', then ')}`)
        await wait()
      }
    },
    setsSince: (from) => since(from).map(({ addresses }) => addresses).filter((each, at, all) => each !== all[at - 1]),
    stop: () => {
      child.stdin?.end()
      child.kill('SIGKILL')
    },
  }
}
