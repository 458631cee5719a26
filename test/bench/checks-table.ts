import type { Table } from './table.ts'

/** What one of them needed to check so many targets. */
export interface Measured {
  readonly who: string
  readonly targets: number
  readonly wantedPerSecond: number
  /** As the web server has counted. */
  readonly perSecond: number
  readonly cpuMsPerCheck: number
  /** Of one core. */
  readonly cpu: number
  /** The most, while it was measured. */
  readonly rssMiB: number
  /** Of the requests, that came on a connection that had carried one before. */
  readonly keptShare: number
  /** Of ours alone: nobody else's regular turns are known. */
  readonly latenessP99Ms: number | undefined
}

const times = (own: number | undefined, other: number): string => (own === undefined ? '-' : `${(other / own).toFixed(2)}`)

/** By targets, with the CPU of each as a multiple of ours. */
export const checksTable = (notes: readonly string[], all: readonly Measured[]): Table => ({
  title: 'What a check costs',
  notes,
  columns: ['targets', 'who', 'checks/s', 'of wanted', 'CPU-ms a check', 'times ours', 'of a core', 'RSS', 'RSS a target', 'on kept connections', 'lateness, 99th'],
  rows: all.map(({ who, targets, perSecond, wantedPerSecond, cpuMsPerCheck, cpu, rssMiB, keptShare, latenessP99Ms }) => [
    `${targets}`,
    who,
    perSecond.toFixed(0),
    `${((100 * perSecond) / wantedPerSecond).toFixed(0)} %`,
    cpuMsPerCheck.toFixed(3),
    times(all.find((each) => each.targets === targets && each.who.startsWith('dns-failover'))?.cpuMsPerCheck, cpuMsPerCheck),
    `${(100 * cpu).toFixed(0)} %`,
    `${rssMiB.toFixed(0)} MiB`,
    `${((rssMiB * 1024) / targets).toFixed(0)} KiB`,
    `${(100 * keptShare).toFixed(0)} %`,
    latenessP99Ms === undefined ? '-' : `${latenessP99Ms.toFixed(0)} ms`,
  ]),
  values: all.map((each) => ({ ...each })),
})
