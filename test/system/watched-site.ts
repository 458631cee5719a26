import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, onTestFinished } from 'vitest'
import { compose } from '../../src/compose.ts'
import { loadConfig } from '../../src/config/load-config.ts'
import type { CheckResult } from '../../src/core/result.ts'
import { systemClock } from '../../src/engine/clock.ts'
import type { EngineEvent } from '../../src/engine/events.ts'
import { defaultTiming, runSite } from '../../src/engine/run-site.ts'
import { freePort } from '../free-port.ts'
import { makeFolder } from '../store/folder.ts'

/** How long is waited for what must come, on however busy a machine. Milliseconds. */
export const patienceMs = 60_000

/** One site over an embedded zone, watched in this process until the test ends. */
export interface WatchedSite {
  readonly events: readonly { readonly event: EngineEvent; readonly at: number }[]
  checksOf(address: string, kind: CheckResult['kind']): readonly CheckResult[]
  /** Whether a set was written since the latest `mark`: the first may have one address only. */
  wasWritten(values: readonly string[]): boolean
  mark(): void
  until(what: string, isSo: () => boolean): Promise<void>
}

/** `check`: what the config says of it beside its URL. */
export const watchSite = async ([msk, ams]: readonly [string, string], port: number, check: string): Promise<WatchedSite> => {
  const folder = await makeFolder()
  const dns = await freePort()
  const file = join(folder, 'dns-failover.yaml')
  await writeFile(
    file,
    `version: 1
state: ${join(folder, 'state')}
providers: { local: { type: embedded, listen: "127.0.0.1:${dns}", zone: example.test } }
sites:
  failover.example.test:
    allowPrivate: true
    regions: { msk: { addresses: [${msk}] }, ams: { addresses: [${ams}] } }
    check: { url: "http://{site}:${port}/", ${check} }
`,
  )
  const loaded = await loadConfig(file, {})
  if (!loaded.ok) return expect.fail(loaded.problems.map(({ message }) => message).join('\n'))
  const events: { readonly event: EngineEvent; readonly at: number }[] = []
  const parts = await compose(loaded.config, { isDryRun: false, log: () => undefined, report: (event) => void events.push({ event, at: systemClock.now() }) })
  onTestFinished(() => parts.close())
  const stop = new AbortController()
  const running = Promise.all(loaded.config.sites.map((site) => runSite(site, parts.portsOf(site), defaultTiming, stop.signal)))
  onTestFinished(async () => {
    stop.abort()
    await running
  })
  let markedAt = 0
  return {
    events,
    checksOf: (address, kind) => events.flatMap(({ event }) => (event.kind === 'checked' && event.address === address && event.result.kind === kind ? [event.result] : [])),
    wasWritten: (values) => events.slice(markedAt).some(({ event }) => event.kind === 'written' && event.changes.some(({ after }) => after.values.join() === values.join())),
    mark: () => {
      markedAt = events.length
    },
    until: async (what, isSo) => {
      for (const deadline = systemClock.now() + patienceMs; !isSo(); await systemClock.sleep(20, stop.signal)) {
        if (systemClock.now() > deadline) expect.fail(`waited for ${what}`)
      }
    },
  }
}
