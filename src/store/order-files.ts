import { mkdir, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Moment } from '../core/moment.ts'
import { flushDirectory, replaceFile } from '../files/replace-file.ts'
import { handOver } from './hand-over.ts'
import { type DecodedOrders, decodeOrders, encodeOrders, isNothing, nothingStored, type StoredOrders } from './order-document.ts'
import { withOrderLock } from './order-lock.ts'
import { setAside } from './set-aside.ts'
import { siteFile } from './site-file.ts'
import { StateError, stateError } from './state-error.ts'
import { stillInForce } from './stored-orders.ts'

export interface OrderFilesOptions {
  /** The state directory. */
  readonly stateDir: string
  readonly isReadOnly: boolean
  readonly moment: () => Promise<Moment>
  /** Says each thing once. */
  readonly say: (message: string) => void
}

export interface OrderFiles {
  /** What is written down for a site; nothing, and it is said, if that is no whole document. Rejects with the system's error. */
  read(site: string): Promise<StoredOrders>
  /** Changes it while nobody else does; a change to the very same orders writes nothing. @throws StateError */
  update(site: string, change: (orders: StoredOrders, now: Moment) => StoredOrders): Promise<void>
}

const textOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))
const isMissing = (error: unknown): boolean => ['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '')

/** What it is to lose the orders of a site, and what to do about it. */
export const lostOrders = (site: string): string =>
  `a pause in it does not count, nor does a drain or a force: ${site} is written to by its checks alone. Order it again with "dns-failover pause", "drain" or "force"`

/** The orders' files, `orders/<site>.json`. One that cannot be used is set aside, under the lock: what somebody has just written is not. */
export const createOrderFiles = ({ stateDir, isReadOnly, moment, say }: OrderFilesOptions): OrderFiles => {
  const dir = join(stateDir, 'orders')
  const fileOf = (site: string): string => join(dir, siteFile(site))

  const decode = async (site: string): Promise<DecodedOrders> => {
    try {
      return decodeOrders(await readFile(fileOf(site), 'utf8'), site)
    } catch (error) {
      if (isMissing(error)) return { kind: 'orders', orders: nothingStored }
      throw error
    }
  }

  const sayLost = (site: string, decoded: Exclude<DecodedOrders, { kind: 'orders' }>, moved: string): void => {
    const back = decoded.kind === 'newer' ? `, or go back to the newer version and put the file back` : ''
    say(`the orders for ${site} in ${fileOf(site)} cannot be used (${decoded.detail}); ${moved}; ${lostOrders(site)}${back}`)
  }

  /** Only under the lock. */
  const readUsable = async (site: string): Promise<StoredOrders> => {
    const decoded = await decode(site)
    if (decoded.kind === 'orders') return decoded.orders
    const { wallMs } = await moment()
    const aside = await setAside(fileOf(site), decoded.kind === 'newer' ? 'newer-version' : 'damaged', wallMs)
    sayLost(site, decoded, `moved to ${aside}`)
    return nothingStored
  }

  const write = async (site: string, orders: StoredOrders): Promise<void> => {
    if (!isNothing(orders)) {
      await replaceFile(fileOf(site), encodeOrders(site, orders), true)
      return handOver(stateDir, [fileOf(site)])
    }
    await rm(fileOf(site), { force: true })
    await flushDirectory(dir)
  }

  return {
    read: async (site) => {
      const decoded = await decode(site)
      if (decoded.kind === 'orders') return decoded.orders
      if (!isReadOnly) {
        try {
          return await withOrderLock(dir, () => readUsable(site))
        } catch (error) {
          sayLost(site, decoded, `could not be moved aside: ${textOf(error)}`)
          return nothingStored
        }
      }
      sayLost(site, decoded, 'left there, for nothing is written here')
      return nothingStored
    },
    update: async (site, change) => {
      try {
        const now = await moment()
        const before = await decode(site)
        // What is not there to take back needs no lock, nor a directory that can be written.
        if (before.kind === 'orders' && change(before.orders, now) === before.orders) return
        await mkdir(dir, { recursive: true, mode: 0o700 })
        await handOver(stateDir, [dir])
        await withOrderLock(dir, async () => {
          const orders = await readUsable(site)
          const changed = change(orders, now)
          if (changed !== orders) await write(site, stillInForce(changed, now))
        })
      } catch (error) {
        if (error instanceof StateError && error.cause === undefined) throw error
        throw stateError(`write the orders for ${site}`, dir, error instanceof StateError ? error.cause : error)
      }
    },
  }
}
