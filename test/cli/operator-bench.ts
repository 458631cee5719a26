import { setMaxListeners } from 'node:events'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import type { Address } from '../../src/core/address.ts'
import type { Io } from '../../src/cli/io.ts'
import { reconcile } from '../../src/cli/reconcile.ts'
import { ReconcileReport } from '../../src/cli/render/json.ts'
import { createEmbedded, type Embedded } from '../../src/providers/embedded/embedded.ts'
import type { Fqdn } from '../../src/core/fqdn.ts'
import { makeFolder } from '../store/folder.ts'
import { type Regions, startRegions } from './regions.ts'

export const [mskAddress, amsAddress, strangerAddress] = ['127.0.0.5', '127.0.0.6', '127.0.0.7']
export const siteName = 'one.example.test'

export interface Said {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

export interface OperatorBench {
  readonly dir: string
  readonly stateDir: string
  readonly config: string
  readonly regions: Regions
  /** Runs a verb in this process. */
  say(verb: (io: Io) => Promise<number>): Promise<Said>
  reconcile(options?: { readonly isDryRun?: boolean }): Promise<ReconcileReport>
  reconcileText(): Promise<Said>
  /** The zone as its file holds it, open for edits. */
  withZone<T>(act: (zone: Embedded) => Promise<T> | T): Promise<T>
  /** The site's A set and our mark beside it, as the zone's file holds them. */
  records(): Promise<readonly string[]>
}

export const never = new AbortController().signal
// Every look-up and check that is under way listens to it, as to a program's own.
setMaxListeners(0, never)

/** A site of two regions in an embedded zone, whose file is all that lasts from run to run. */
export const makeOperatorBench = async (edit: (config: string) => string = (config) => config): Promise<OperatorBench> => {
  const dir = await makeFolder()
  const stateDir = join(dir, 'state')
  const regions = await startRegions([mskAddress, amsAddress])
  onTestFinished(() => regions.close())
  // The regions' port is theirs alone on their addresses, so it is most likely free on this one.
  const listen = { address: '127.0.0.4' as Address, port: regions.port }
  const config = join(dir, 'dns-failover.yaml')
  const text = `version: 1
providers:
  local: { type: embedded, listen: "${listen.address}:${listen.port}", zone: example.test, records: { msk.example.test: { A: ${mskAddress} } } }
sites:
  ${siteName}:
    allowPrivate: true
    regions:
      msk: { service: msk.example.test }
      ams: { addresses: [${amsAddress}] }
    check: { url: "http://{site}:${regions.port}/", fall: 2, rise: 2, confirmSpan: 100ms, timeout: 500ms }
`
  await writeFile(config, edit(text))
  const say: OperatorBench['say'] = async (verb) => {
    let [stdout, stderr] = ['', '']
    const code = await verb({ stdout: (each) => void (stdout += each), stderr: (each) => void (stderr += each), color: false })
    return { code, stdout, stderr }
  }
  const run = (isJson: boolean, isDryRun: boolean): Promise<Said> =>
    say((io) => reconcile({ config, sites: [], isDryRun, isJson, checksMs: 10_000, verifyMs: 2000, logLevel: 'warn' }, { ...io, isWatched: false }, {}, never))
  const withZone: OperatorBench['withZone'] = async (act) => {
    const zone = await createEmbedded({ zone: 'example.test' as Fqdn, listen: { ...listen, port: 0 }, stateFile: join(stateDir, 'zones', 'example.test.json') })
    try {
      return await act(zone)
    } finally {
      await zone.close()
    }
  }
  return {
    dir,
    stateDir,
    config,
    regions,
    say,
    reconcile: async ({ isDryRun = false } = {}) => ReconcileReport.parse(JSON.parse((await run(true, isDryRun)).stdout)),
    reconcileText: () => run(false, false),
    withZone,
    records: () =>
      withZone((zone) =>
        zone
          .records()
          .filter(({ name }) => name.endsWith(siteName))
          .flatMap(({ name, type, data }) => data.map((each) => `${name} ${type} ${each}`))
          .toSorted(),
      ),
  }
}
