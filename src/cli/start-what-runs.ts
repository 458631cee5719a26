import { compose, type ComposeOptions, type Composition } from '../compose.ts'
import type { Config } from '../config/config.ts'
import type { Provider } from '../providers/provider.ts'

export interface WhatRuns {
  readonly composition: Composition
  /** The config without the providers that do not start, nor their sites. */
  readonly config: Config
  /** By the names of the providers that do not start. */
  readonly failures: ReadonlyMap<string, string>
}

const partOf = (config: Config, names: ReadonlySet<string>): Config => ({
  ...config,
  providers: Object.fromEntries(Object.entries(config.providers).filter(([name]) => names.has(name))),
  sites: config.sites.filter(({ provider }) => names.has(provider)),
})

/** Composes a config as far as its providers start; those in `running` do. Rejects for no provider. */
export const startWhatRuns = async (config: Config, options: ComposeOptions): Promise<WhatRuns> => {
  const running = new Map<string, Provider>(options.running)
  const failures = new Map<string, string>()
  for (const name of Object.keys(config.providers).filter((each) => !running.has(each))) {
    try {
      const { providers } = await compose(partOf(config, new Set([...running.keys(), name])), { ...options, running })
      const started = providers.get(name)
      if (started !== undefined) running.set(name, started)
    } catch (error) {
      failures.set(name, error instanceof Error ? error.message : String(error))
    }
  }
  const part = partOf(config, new Set(running.keys()))
  return { composition: await compose(part, { ...options, running }), config: part, failures }
}
