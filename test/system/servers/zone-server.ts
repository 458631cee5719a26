import type { Endpoint } from '../../../src/core/endpoint.ts'
import type { Fqdn } from '../../../src/core/fqdn.ts'
import type { ZoneEdit, ZoneRecord } from '../../../src/contract/provider-contract.ts'
import { editorKey } from './keys.ts'
import { type RunningServer, runTool } from './run.ts'
import { sendSignal } from './send-signal.ts'

/** A real name server with one zone, and a way to see and change that zone without our code. */
export interface ZoneServer {
  readonly endpoint: Endpoint
  readonly zone: Fqdn
  /** All that the zone holds, by zone transfer: what a query would answer plays no part. */
  transfer(): Promise<readonly ZoneRecord[]>
  /** By nsupdate, with a key of its own. */
  edit(edit: ZoneEdit): Promise<void>
  serial(): Promise<number>
  /** Sends the running process a signal: SIGSTOP freezes it, SIGKILL ends it on the spot. */
  signal(name: 'SIGSTOP' | 'SIGCONT' | 'SIGKILL'): void
  /** Starts it again over the same files, after SIGKILL. */
  restart(): Promise<void>
  log(): string
  stop(): Promise<void>
}

/** Its first contents; `ns` is the server itself. */
export const zoneFile = (zone: string, endpoint: Endpoint): string => [
  `${zone}. 300 IN SOA ns.${zone}. hostmaster.${zone}. 1 3600 600 86400 60`,
  `${zone}. 300 IN NS ns.${zone}.`,
  `ns.${zone}. 300 IN A ${endpoint.address}`,
  '',
].join('\n')

const parseLine = (line: string): readonly ZoneRecord[] => {
  const match = /^(?<name>\S+)\s+(?<ttl>\d+)\s+IN\s+(?<type>\S+)\s+(?<data>.*)$/.exec(line)?.groups
  if (match === undefined) return []
  const name = (match['name'] ?? '').toLowerCase().replace(/\.$/, '')
  return [{ name, ttl: Number(match['ttl']), type: match['type'] ?? '', data: match['data'] ?? '' }]
}

const byText = (a: ZoneRecord, b: ZoneRecord): number => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1)

/** Everything of a zone, its SOA (once) and what the server made by itself included. */
export const transferZone = async (endpoint: Endpoint, zone: string): Promise<readonly ZoneRecord[]> => {
  const output = await runTool('dig', [`@${endpoint.address}`, '-p', `${endpoint.port}`, zone, 'AXFR', '+onesoa', '+nocmd', '+nostats', '+nosplit', '+noidnout'])
  const records = output.split('\n').flatMap(parseLine).toSorted(byText)
  if (!records.some((record) => record.type === 'SOA')) throw new Error(`no zone transfer of ${zone}:\n${output}`)
  return records
}

export const editZone = async (endpoint: Endpoint, zone: string, edit: ZoneEdit): Promise<void> => {
  const lines = [
    `server ${endpoint.address} ${endpoint.port}`,
    `zone ${zone}`,
    ...(edit.remove ?? []).map((each) => `update delete ${each.name}. ${each.type}`),
    ...(edit.add ?? []).map((each) => `update add ${each.name}. ${each.ttl} ${each.type} ${each.data}`),
    'send',
    '',
  ]
  await runTool('nsupdate', ['-v', '-y', `${editorKey.algorithm}:${editorKey.name}:${editorKey.secret}`], lines.join('\n'))
}

export const serialIn = (records: readonly ZoneRecord[]): number => Number(records.find((record) => record.type === 'SOA')?.data.split(' ')[2])

/** Starts a server of `zone` by `start`, which may be called again for a restart. */
export const zoneServer = async (
  start: () => Promise<RunningServer>,
  endpoint: Endpoint,
  zone: Fqdn,
  cleanUp: () => Promise<void>,
): Promise<ZoneServer> => {
  let running = await start().catch(async (error: unknown) => {
    await cleanUp()
    throw error
  })
  return {
    endpoint,
    zone,
    transfer: () => transferZone(endpoint, zone),
    edit: (edit) => editZone(endpoint, zone, edit),
    serial: async () => serialIn(await transferZone(endpoint, zone)),
    signal: (name) => sendSignal(running.child, name),
    restart: async () => {
      await running.stop()
      running = await start()
    },
    log: () => running.log(),
    stop: async () => {
      await running.stop()
      await cleanUp()
    },
  }
}
