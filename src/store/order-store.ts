import { mkdir, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { leftMs, noOrders, type Orders } from '../core/orders.ts'
import type { Moment } from '../core/state-time.ts'
import type { OrderBook } from '../engine/ports.ts'
import { replaceFile } from '../files/replace-file.ts'
import { momentOf, readBootId } from './boot.ts'
import { setDamagedAside } from './damaged-files.ts'
import { handOver } from './hand-over.ts'
import { siteFile } from './site-file.ts'
import { stateError } from './state-error.ts'

export interface OrderStoreOptions {
  /** The state directory. */
  readonly dir: string
  /** Milliseconds since the epoch. */
  readonly wallNow: () => number
  /** One line for people. */
  readonly log: (level: 'warn', message: string) => void
  /** Touches nothing, damaged files included: for a dry run. */
  readonly isReadOnly?: boolean
}

export interface NewPause {
  /** Milliseconds; undefined: until it is taken back. */
  readonly forMs: number | undefined
  readonly reason: string
  readonly by: string
}

export interface OrderStore extends OrderBook {
  /** Replaces the pause; undefined takes it back. @throws StateError */
  setPause(site: string, pause: NewPause | undefined): Promise<void>
}

const Document = z.strictObject({
  version: z.literal(1),
  site: z.string(),
  pause: z.strictObject({
    orderedAt: z.object({ wallMs: z.number(), boot: z.object({ id: z.string(), uptimeMs: z.number() }).optional() }),
    forMs: z.number().min(0).optional(),
    reason: z.string(),
    by: z.string(),
  }),
})

const textOf = (error: unknown): string => (error instanceof z.ZodError ? z.prettifyError(error).replaceAll('\n', ' ') : error instanceof Error ? error.message : String(error))

const ordersIn = (text: string, site: string, now: Moment): Orders => {
  const { site: whose, pause } = Document.parse(JSON.parse(text))
  if (whose !== site) throw new Error(`it holds the orders for ${whose}`)
  const { reason, by, forMs, orderedAt } = pause
  if (forMs === undefined) return { ...noOrders, pause: { until: undefined, reason, by } }
  const left = leftMs({ wallMs: orderedAt.wallMs, boot: orderedAt.boot }, forMs, now)
  return left === 0 ? noOrders : { ...noOrders, pause: { until: now.wallMs + left, reason, by } }
}

/**
 * Operators' orders, `orders/<site>.json`: apart from the state, so that they can be given while a service holds the
 * lock. A file that is damaged is set aside as `<file>.damaged-<time>`, one that may not be read stays; both count as
 * no order, and are said once. `load` never rejects.
 */
export const createOrderStore = (options: OrderStoreOptions): OrderStore => {
  const { wallNow, log, isReadOnly = false } = options
  const dir = join(options.dir, 'orders')
  const said = new Set<string>()
  const moment = async (): Promise<Moment> => momentOf(wallNow(), await readBootId())

  const sayOnce = (message: string): void => {
    if (said.has(message)) return
    said.add(message)
    log('warn', message)
  }

  const setAside = async (file: string): Promise<string> => {
    if (isReadOnly) return 'left there, for nothing is written here'
    return setDamagedAside(file, wallNow()).then((aside) => `moved to ${aside}`, (error) => `could not be moved aside: ${textOf(error)}`)
  }

  return {
    load: async (site) => {
      const file = join(dir, siteFile(site))
      const lost = `a pause in it does not count: ${site} is written to. Order it again with "dns-failover pause"`
      let text: string
      try {
        text = await readFile(file, 'utf8')
      } catch (error) {
        const { code } = error as NodeJS.ErrnoException
        if (code !== 'ENOENT' && code !== 'ENOTDIR') sayOnce(`the orders for ${site} in ${file} cannot be read (${textOf(error)}); ${lost}, as the user that runs this program`)
        return noOrders
      }
      try {
        return ordersIn(text, site, await moment())
      } catch (error) {
        sayOnce(`the orders for ${site} in ${file} cannot be used (${textOf(error)}); ${await setAside(file)}; ${lost}`)
        return noOrders
      }
    },
    setPause: async (site, pause) => {
      const file = join(dir, siteFile(site))
      try {
        if (pause === undefined) return await rm(file, { force: true })
        await mkdir(dir, { recursive: true, mode: 0o700 })
        await replaceFile(file, `${JSON.stringify({ version: 1, site, pause: { orderedAt: await moment(), ...pause } }, undefined, 2)}\n`, true)
        await handOver(options.dir, [dir, file])
      } catch (error) {
        throw stateError(`write the orders for ${site}`, dir, error)
      }
    },
  }
}
