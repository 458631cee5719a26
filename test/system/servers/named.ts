import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Endpoint } from '../../../src/core/endpoint.ts'
import { parseFqdn } from '../../../src/core/fqdn.ts'
import { allKeys, strangerKey, writers } from './keys.ts'
import { onFreePort, type RunningServer, startServer } from './run.ts'
import { zoneFile, type ZoneServer, zoneServer } from './zone-server.ts'

const configuration = (folder: string, endpoint: Endpoint, zone: string, isSigned: boolean, grants: readonly string[]): string => `
options {
  directory "${folder}";
  key-directory "${folder}";
  listen-on port ${endpoint.port} { ${endpoint.address}; };
  listen-on-v6 { none; };
  pid-file none;
  session-keyfile none;
  lock-file none;
  recursion no;
  notify no;
  dnssec-validation no;
  allow-transfer { any; };
};
controls { };
${allKeys.map((key) => `key "${key.name}" { algorithm ${key.algorithm}; secret "${key.secret}"; };`).join('\n')}
zone "${zone}" {
  type primary;
  file "zone.db";
  ${isSigned ? 'dnssec-policy default;' : ''}
  update-policy {
    ${writers.map((key) => `grant ${key.name}. zonesub ANY;`).join('\n    ')}
    grant ${strangerKey.name}. name elsewhere.${zone}. MX;
    ${grants.map((grant) => `grant ${strangerKey.name}. ${grant};`).join('\n    ')}
  };
};
`

/** Signing starts after loading, in steps that each advance the serial: wait until the zone is all signed and rests. */
const untilSigned = async (server: ZoneServer): Promise<void> => {
  const deadline = performance.now() + 30_000
  let before = ''
  for (;;) {
    const records = await server.transfer()
    const isAllSigned = ['SOA', 'NS', 'A', 'DNSKEY', 'NSEC'].every((type) => records.some((record) => record.type === 'RRSIG' && record.data.startsWith(`${type} `)))
    const now = JSON.stringify(records)
    if (isAllSigned && now === before) return
    if (performance.now() > deadline) throw new Error(`the zone was not signed within 30 s:\n${server.log()}`)
    before = now
    await new Promise((resolve) => setTimeout(resolve, 400))
  }
}

/** A BIND 9 of our own, as any user, on a free port of 127.0.0.1, with one zone that takes updates. */
export const startNamed = (options: { readonly zone: string; readonly isSigned: boolean; /** What the stranger's key may do after all. */ readonly grants?: readonly string[] }): Promise<ZoneServer> =>
  onFreePort(async (endpoint) => {
    const folder = await mkdtemp(join(tmpdir(), 'named-'))
    const cleanUp = (): Promise<void> => rm(folder, { recursive: true, force: true })
    const zone = parseFqdn(options.zone)
    if (zone === undefined) throw new Error(`${options.zone} is not a name`)
    await writeFile(join(folder, 'zone.db'), zoneFile(zone, endpoint))
    await writeFile(join(folder, 'named.conf'), configuration(folder, endpoint, zone, options.isSigned, options.grants ?? []))
    const start = (): Promise<RunningServer> => startServer('named', ['-g', '-n', '1', '-c', join(folder, 'named.conf')], [/all zones loaded/, /running/])
    const server = await zoneServer(start, endpoint, zone, cleanUp)
    if (options.isSigned) await untilSigned(server)
    return server
  })
