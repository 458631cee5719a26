import type { SourceMode, NewWord } from '../../src/core/word.ts'
import { familyOf } from '../../src/core/address.ts'
import type { Places } from './places.ts'
import type { Random } from './random.ts'
import type { Schedule } from './schedule.ts'
import type { VirtualTime } from './virtual-time.ts'
import { isWithin, type World } from './world.ts'

/** Sources' clocks are their own, and nobody sets them. */
export const sourceEpoch = 1_700_000_000_000

/** Lets the outside monitors say what they see, or what they make up, until the calm; now and then something old comes late. */
export const startMonitors = (
  schedule: Schedule,
  time: VirtualTime,
  random: Random,
  world: World,
  places: Places,
  hear: (word: NewWord, mode: SourceMode) => void,
): void => {
  const other = { up: 'down', down: 'up' } as const
  for (const { name, mode, everyMs, believedMs, firstAt, lies } of schedule.operations.sources) {
    const say = (): void => {
      const now = time.now()
      if (now >= schedule.calmFrom) return
      for (const region of schedule.regions) {
        const seen = places.leadsTo(region).filter((address) => familyOf(address) === 'v4').every((address) => world.isWell(address, now)) ? 'up' : 'down'
        const lie = lies.find((each) => isWithin(now, each))
        const opinion = lie === undefined ? seen : lie.opinion === 'opposite' ? other[seen] : lie.opinion
        const word = { source: name, region: region.name, monitor: 'm', detail: 'simulated', forMs: believedMs }
        hear({ ...word, opinion, eventAt: sourceEpoch + now }, mode)
        if (random.chance(0.1)) hear({ ...word, opinion: other[opinion], eventAt: sourceEpoch + now - random.between(1, 30_000) }, mode)
      }
      time.at(now + everyMs, say)
    }
    time.at(firstAt, say)
  }
}
