import type { Address } from '../core/address.ts'
import type { ServerState } from './server-state.ts'
import { regions, type Settings, shownWithin } from './settings.ts'

/** One step of the walkthrough: what is done, and what the DNS must answer then, and by when. */
export interface Step {
  /** Under which of the walkthrough's parts it comes. */
  readonly part: string
  readonly title: string
  /** Undefined: nothing is done but wait. */
  readonly act: { readonly region: string; readonly state: ServerState } | undefined
  readonly before: readonly Address[]
  readonly expected: readonly Address[]
  /** Milliseconds from the deed. */
  readonly boundMs: number
}

type Fault = Exclude<ServerState, 'serving'>

const addressesOf = (names: readonly string[]): readonly Address[] => regions.filter(({ name }) => names.includes(name)).map(({ address }) => address)

const titles: Readonly<Record<Fault, string>> = { killed: 'kill', frozen: 'freeze', 'answers-500': '500 from', 'wrong-page': 'wrong page' }

const all = regions.map(({ name }) => name)

const singly: readonly { readonly region: string; readonly fault: Fault }[] = [
  { region: 'msk', fault: 'killed' },
  { region: 'ams', fault: 'frozen' },
  { region: 'fra', fault: 'answers-500' },
  { region: 'msk', fault: 'wrong-page' },
]

const oneAfterTheOther: readonly { readonly region: string; readonly fault: Fault }[] = [
  { region: 'msk', fault: 'killed' },
  { region: 'ams', fault: 'answers-500' },
  { region: 'fra', fault: 'killed' },
]

/**
 * Each fault once by itself, broken and healed; then all regions, one after the other, so that the first ones come back
 * (fail open) when none is left; then all healed again, in that order.
 */
export const walkthrough = (settings: Settings): readonly Step[] => {
  const bounds = shownWithin(settings)
  const breaking = (part: string, { region, fault }: (typeof singly)[number], before: readonly string[], after: readonly string[]): Step => ({
    part,
    title: `${titles[fault]} ${region}`,
    act: { region, state: fault },
    before: addressesOf(before),
    expected: addressesOf(after),
    boundMs: bounds.withdrawn(fault),
  })
  const healing = (part: string, region: string, before: readonly string[], after: readonly string[]): Step => ({
    part,
    title: `heal ${region}`,
    act: { region, state: 'serving' },
    before: addressesOf(before),
    expected: addressesOf(after),
    boundMs: bounds.back,
  })
  const alone = 'Each region by itself'
  const together = 'One after the other; when none is left, all are published again (fail open)'
  const back = 'Back, one after the other'
  return [
    { part: 'Start', title: 'start', act: undefined, before: [], expected: addressesOf(all), boundMs: bounds.start },
    ...singly.flatMap((each) => {
      const others = all.filter((name) => name !== each.region)
      return [breaking(alone, each, all, others), healing(alone, each.region, others, all)]
    }),
    ...oneAfterTheOther.map((each, at) => {
      const left = all.slice(at + 1)
      return breaking(together, each, all.slice(at), left.length === 0 ? all : left)
    }),
    ...all.map((name, at) => healing(back, name, at === 0 ? all : all.slice(0, at), all.slice(0, at + 1))),
  ]
}
