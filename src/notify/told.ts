import { z } from 'zod'
import { alertKinds } from '../core/alert.ts'
import type { Alert } from './alert.ts'

const text = (most: number) => z.string().max(most)

/** What a target was told to be wrong, and has not been told to be over: an incident that is open there, maybe. */
export const Told = z.object({
  target: text(260),
  key: text(1_000),
  kind: z.enum(alertKinds),
  site: text(260),
  region: text(260).optional(),
  address: text(60).optional(),
  title: text(500),
  /** Milliseconds since the epoch. */
  since: z.number().int().nonnegative(),
  /** Of a provider's trouble, which is about all of its sites. */
  provider: text(260).optional(),
})
export type Told = z.output<typeof Told>

/** What is told for good, and never over. */
const isEndless = ({ key }: Pick<Alert, 'key'>): boolean => key.startsWith('promotion/')

/** Undefined: there will be no end to tell, or it is longer than what is read back: one such would cost the others theirs. */
export const toldOf = (target: string, alert: Alert): Told | undefined => {
  if (isEndless(alert)) return undefined
  const { key, kind, site, region, address, title, at, facts } = alert
  const provider = kind === 'provider-failing' ? facts['provider'] : undefined
  const told: Told = {
    target,
    key,
    kind,
    site,
    title,
    since: Math.max(0, Math.trunc(at)),
    ...(region === undefined ? {} : { region }),
    ...(address === undefined ? {} : { address }),
    ...(provider === undefined ? {} : { provider }),
  }
  return Told.safeParse(told).success ? told : undefined
}

/** Remembers over a restart what targets were told. No method throws; nothing waits for it. */
export interface ToldMemory {
  /** What the process before has left open. */
  readonly before: readonly Told[]
  /** It may have been told: it is about to be sent. */
  opened(target: string, alert: Alert): void
  /** Its end was told. */
  closed(target: string, key: string): void
  /** There are no other targets any more. */
  keep(targets: readonly string[]): void
  /** Settles once all is written, or the disk has taken too long. */
  close(): Promise<void>
}

export const forgetful: ToldMemory = { before: [], opened: () => undefined, closed: () => undefined, keep: () => undefined, close: async () => undefined }
