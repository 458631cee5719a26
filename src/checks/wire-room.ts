import type { Address } from '../core/address.ts'
import type { HealthCheck } from '../core/site.ts'

/** A wire, and whose it is. All addresses of a site have one check. */
export interface Holder {
  readonly address: Address
  readonly check: HealthCheck
  /** Closes what it holds; whether there was anything. */
  drop(): boolean
}

/** How many wires a process may hold, and where. */
export interface WireRoom {
  mayHold(holder: Holder): boolean
  onHold(holder: Holder): void
  onDrop(holder: Holder): void
  /** A check of it waits longer than usual, or has failed: what we hold at the same server may be why. */
  onTrouble(holder: Holder): void
  onCalm(holder: Holder): void
  /** Closes all. False if there was none. */
  dropAll(): boolean
}

/** So many are held in one process with `auto`, unless checks ride on them: each costs some 20 KB here, and a connection there. */
const mostOfAuto = 2_000

/** So many of these lead to one address: a server of many sites must not spend its workers on our wires. */
const mostOfAutoAtOne = 4

/** Left to all else of the process: checks that are under way, the API, files. */
const reservedDescriptors = 1_024

/** However many are wanted, no more are held. `descriptors`: how many the process may have. */
const mostWithin = (descriptors: number): number => Math.max(descriptors / 2, descriptors - reservedDescriptors)

/** Whether they may lead to one server: the same address, or the other family's of the same site. */
const areKin = (one: Holder, other: Holder): boolean => one !== other && (one.address === other.address || one.check === other.check)

export const createWireRoom = (descriptors: number): WireRoom => {
  const most = mostWithin(descriptors)
  const held = new Set<Holder>()
  const troubled = new Set<Holder>()
  const heldAt = new Map<Address, number>()
  const isSpare = ({ check }: Holder): boolean => check.tripwire === 'auto' && check.connection === 'fresh'
  const count = (address: Address, by: 1 | -1): void => {
    const now = (heldAt.get(address) ?? 0) + by
    if (now > 0) heldAt.set(address, now)
    else heldAt.delete(address)
  }
  const hasTroubledKin = (holder: Holder): boolean => {
    for (const each of troubled) if (areKin(each, holder)) return true
    return false
  }
  return {
    mayHold: (holder) => {
      const isRoom = isSpare(holder) ? held.size < Math.min(most, mostOfAuto) && (heldAt.get(holder.address) ?? 0) < mostOfAutoAtOne : held.size < most
      return isRoom && !hasTroubledKin(holder)
    },
    onHold: (holder) => {
      held.add(holder)
      count(holder.address, 1)
    },
    onDrop: (holder) => {
      held.delete(holder)
      count(holder.address, -1)
    },
    onTrouble: (holder) => {
      troubled.add(holder)
      for (const each of held) if (areKin(each, holder)) each.drop()
    },
    onCalm: (holder) => void troubled.delete(holder),
    dropAll: () => {
      const all = [...held]
      for (const each of all) each.drop()
      return all.length > 0
    },
  }
}
