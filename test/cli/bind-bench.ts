import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { endpointText } from '../../src/core/endpoint.ts'
import { ReconcileReport } from '../../src/cli/render/json.ts'
import { ddnsKey } from '../system/servers/keys.ts'
import { startNamed } from '../system/servers/named.ts'
import type { ZoneServer } from '../system/servers/zone-server.ts'
import { type Ended, runProgram, type Running, startProgram } from './program.ts'
import { type Regions, startRegions } from './regions.ts'

export const mskAddress = '127.0.0.2'
export const amsAddress = '127.0.0.3'

export interface Setup {
  /** Lines of the config in place of the default ones. */
  readonly nameservers?: readonly string[]
  readonly server?: string
  /** Of one check. */
  readonly timeout?: string
}

export interface BindBench {
  readonly server: ZoneServer
  readonly regions: Regions
  readonly siteName: string
  /** What a run without `--json` must not print, nor one with it. */
  readonly secret: string
  /** Runs with a config of this shape, over the same state directory. */
  run(args: readonly string[], setup?: Setup): Promise<Ended>
  start(args: readonly string[], setup?: Setup): Promise<Running>
  /** Runs a verb of dns-failover in the same way. */
  verb(name: string, args: readonly string[], setup?: Setup): Promise<Ended>
  /** The same with `--json`, read by the documented schema. */
  report(args: readonly string[], setup?: Setup): Promise<ReconcileReport>
  /** The main domain's addresses as the zone holds them. */
  published(): Promise<readonly string[]>
  readonly stateDir: string
  /** Every file below the state directory with its contents. */
  stateFiles(): Promise<Readonly<Record<string, string>>>
  /** Forgets all state, and makes the zone and the regions as at the start. */
  reset(): Promise<void>
  close(): Promise<void>
}

const configText = (bench: { server: ZoneServer; regions: Regions; siteName: string }, setup: Setup): string => `
version: 1
providers:
  bind:
    type: rfc2136
    server: "${setup.server ?? endpointText(bench.server.endpoint)}"
    zone: ${bench.server.zone}
    tsig: { name: ${ddnsKey.name}, algorithm: ${ddnsKey.algorithm}, secret: "\${TSIG_SECRET}" }
nameservers: [${(setup.nameservers ?? [endpointText(bench.server.endpoint)]).map((each) => `"${each}"`).join(', ')}]
sites:
  ${bench.siteName}:
    allowPrivate: true
    regions:
      msk: { service: msk.${bench.server.zone} }
      ams: { service: ams.${bench.server.zone} }
    check: { url: "http://{service}:${bench.regions.port}/", fall: 2, rise: 2, confirmSpan: 100ms, timeout: ${setup.timeout ?? '500ms'}, expect: { body: Hello } }
`

/** A real BIND with a zone of two regions, and the one-shot program run against it. */
export const startBindBench = async (): Promise<BindBench> => {
  const server = await startNamed({ zone: 'cli.example', isSigned: false })
  const regions = await startRegions([mskAddress, amsAddress])
  const siteName = 'failover.cli.example'
  const folder = await mkdtemp(join(tmpdir(), 'dns-failover-cli-'))
  const stateDir = join(folder, 'state')
  const env = { TSIG_SECRET: ddnsKey.secret }
  const argsOf = async (args: readonly string[], setup: Setup): Promise<readonly string[]> => {
    const file = join(folder, 'dns-failover.yaml')
    await writeFile(file, configText({ server, regions, siteName }, setup))
    return ['--config', file, ...args]
  }
  const run = async (args: readonly string[], setup: Setup = {}): Promise<Ended> => runProgram('dns-reconcile', await argsOf(args, setup), env)
  const bench: BindBench = {
    server,
    regions,
    siteName,
    secret: ddnsKey.secret,
    stateDir,
    run,
    start: async (args, setup = {}) => startProgram('dns-reconcile', await argsOf(args, setup), env),
    verb: async (name, args, setup = {}) => runProgram('dns-failover', [name, ...(await argsOf(args, setup))], env),
    report: async (args, setup) => {
      const { code, stdout, stderr } = await run([...args, '--json'], setup)
      if (`${stdout}${stderr}`.includes(ddnsKey.secret)) throw new Error('the secret was printed')
      if (stdout === '') throw new Error(`no result, exit code ${code}: ${stderr}`)
      const report = ReconcileReport.parse(JSON.parse(stdout))
      if (report.exitCode !== code) throw new Error(`exit code ${code}, but the report says ${report.exitCode}: ${stderr}`)
      return report
    },
    published: async () =>
      (await server.transfer()).filter(({ name, type }) => name === siteName && type === 'A').map(({ data }) => data).toSorted(),
    stateFiles: async () => {
      const names = await readdir(folder, { recursive: true, withFileTypes: true })
      const files = names.filter((each) => each.isFile() && each.name !== 'dns-failover.yaml').map((each) => join(each.parentPath, each.name))
      return Object.fromEntries(await Promise.all(files.map(async (file) => [file, await readFile(file, 'utf8')])))
    },
    reset: async () => {
      await rm(stateDir, { recursive: true, force: true })
      const own = await server.transfer()
      const isOurs = (name: string): boolean => name === siteName || name.startsWith('_dns-failover-')
      await server.edit({ remove: own.filter(({ name }) => isOurs(name)).map(({ name, type }) => ({ name, type })) })
      for (const address of [mskAddress, amsAddress]) regions.set(address, 'serve')
    },
    close: async () => {
      await regions.close()
      await server.stop()
      await rm(folder, { recursive: true, force: true })
    },
  }
  await server.edit({
    add: [
      { name: `msk.${server.zone}`, type: 'A', ttl: 60, data: mskAddress },
      { name: `ams.${server.zone}`, type: 'A', ttl: 60, data: amsAddress },
    ],
  })
  return bench
}
