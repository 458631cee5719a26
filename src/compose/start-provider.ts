import { mkdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import type { EmbeddedConfig, ProviderConfig } from '../config/config.ts'
import { systemClock } from '../engine/clock.ts'
import type { EmbeddedOptions } from '../providers/embedded/embedded.ts'
import type { mergeRecords as MergeRecords } from '../providers/embedded/merge-records.ts'
import type { ZoneRRset } from '../providers/embedded/zone.ts'
import type { Provider } from '../providers/provider.ts'
import type { Log } from './log.ts'

export interface ProviderSurroundings {
  readonly stateDir: string
  /** Nothing is written, an embedded zone's file included. */
  readonly isDryRun: boolean
  readonly wallNow: () => number
  readonly log: Log
}

/** A provider that the config names cannot be started. */
export class ProviderStartError extends Error {
  override readonly name = 'ProviderStartError'
  readonly code = 'provider-start'
  readonly provider: string

  constructor(message: string, provider: string, cause?: unknown) {
    super(message, { cause })
    this.provider = provider
  }
}

// A kind of provider is loaded where the config names it; nobody waits for the others.
const loadEmbedded = () => import('../providers/embedded/embedded.ts')

const savedRecords = async (file: string, records: readonly ZoneRRset[]): Promise<readonly ZoneRRset[]> => {
  try {
    const saved = JSON.parse(await readFile(file, 'utf8')) as Parameters<typeof MergeRecords>[1]
    const { mergeRecords } = await import('../providers/embedded/merge-records.ts')
    return mergeRecords(records, saved)
  } catch {
    return records
  }
}

const isTaken = (error: unknown): boolean => {
  const cause = error as NodeJS.ErrnoException | undefined
  return cause?.code === 'EADDRINUSE' || (cause?.cause !== undefined && isTaken(cause.cause))
}

/**
 * A dry run serves a copy of the zone as it was last saved. If the real one is being served already, by the service,
 * the copy takes another port.
 */
const startCopy = async (config: EmbeddedConfig, stateFile: string, around: ProviderSurroundings): Promise<Provider> => {
  const records = await savedRecords(stateFile, config.records)
  const { createEmbedded } = await loadEmbedded()
  const options = { zone: config.zone, records, wallNow: around.wallNow }
  try {
    return await createEmbedded({ ...options, listen: config.listen })
  } catch (error) {
    if (!isTaken(error)) throw error
    return createEmbedded({ ...options, listen: { ...config.listen, port: 0 } })
  }
}

/** Milliseconds that a port which is taken is waited for: a look at the zone from a command line (`startCopy`) has it for a moment. */
const takenMs = 2_000
const againMs = 50

const startReal = async (options: EmbeddedOptions): Promise<Provider> => {
  const { createEmbedded } = await loadEmbedded()
  const startedAt = systemClock.now()
  for (;;) {
    try {
      // oxlint-disable-next-line no-await-in-loop
      return await createEmbedded(options)
    } catch (error) {
      if (!isTaken(error) || systemClock.now() - startedAt > takenMs) throw error
    }
    // oxlint-disable-next-line no-await-in-loop
    await pause(againMs)
  }
}

const startEmbedded = async (config: EmbeddedConfig, around: ProviderSurroundings): Promise<Provider> => {
  const folder = join(around.stateDir, 'zones')
  const stateFile = join(folder, `${config.zone}.json`)
  if (around.isDryRun) return startCopy(config, stateFile, around)
  await mkdir(folder, { recursive: true, mode: 0o700 })
  return startReal({ listen: config.listen, zone: config.zone, records: config.records, stateFile, wallNow: around.wallNow, log: around.log })
}

const start = async (config: ProviderConfig, around: ProviderSurroundings): Promise<Provider> => {
  switch (config.type) {
    case 'embedded':
      return startEmbedded(config, around)
    case 'rfc2136': {
      const { server, zone, tsig } = config
      const { createRfc2136 } = await import('../providers/rfc2136/rfc2136.ts')
      const key = tsig === undefined ? {} : { tsig: { name: tsig.name, algorithm: tsig.algorithm, secret: tsig.secret.reveal() } }
      return createRfc2136({ server, zone, ...key, wallNow: around.wallNow })
    }
    case 'cloudflare': {
      const { apiToken, zoneId, baseUrl } = config
      const { createCloudflare } = await import('../providers/cloudflare/cloudflare.ts')
      return createCloudflare({ apiToken: apiToken.reveal(), zoneId, baseUrl, now: systemClock.now, wallNow: around.wallNow })
    }
  }
}

/** The provider of one entry of `providers`. @throws ProviderStartError */
export const startProvider = async (name: string, config: ProviderConfig, around: ProviderSurroundings): Promise<Provider> => {
  try {
    return await start(config, around)
  } catch (error) {
    if (error instanceof ProviderStartError) throw error
    throw new ProviderStartError(`cannot start provider "${name}" (${config.type}): ${error instanceof Error ? error.message : String(error)}`, name, error)
  }
}
