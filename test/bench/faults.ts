import type { PacketFilter } from './peers/packet-filter.ts'
import type { Region } from './peers/region.ts'

export const faultNames = ['killed', 'HTTP 500', 'wrong body', 'frozen', 'slow drip', 'blackholed'] as const
export type FaultName = (typeof faultNames)[number]

/** What a check meets with: an answer at once that is wrong, or none within its time. */
export const isSilence = (fault: FaultName): boolean => fault === 'frozen' || fault === 'slow drip' || fault === 'blackholed'

/** Both resolve with the moment of it: never later than the first that one can see of a fault, or of its end. */
export interface Fault {
  readonly name: FaultName
  begin(region: Region): Promise<number>
  end(region: Region): Promise<number>
}

export const makeFaults = (filter: PacketFilter): readonly Fault[] => [
  { name: 'killed', begin: (region) => region.kill(), end: (region) => region.start() },
  { name: 'HTTP 500', begin: (region) => region.set('fail'), end: (region) => region.set('serve') },
  { name: 'wrong body', begin: (region) => region.set('wrong'), end: (region) => region.set('serve') },
  { name: 'frozen', begin: async (region) => region.freeze(), end: async (region) => region.thaw() },
  { name: 'slow drip', begin: (region) => region.set('drip'), end: (region) => region.set('serve') },
  { name: 'blackholed', begin: (region) => filter.silence([region.address]), end: () => filter.pass() },
]
