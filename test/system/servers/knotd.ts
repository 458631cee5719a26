import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Endpoint } from '../../../src/core/endpoint.ts'
import { parseFqdn } from '../../../src/core/fqdn.ts'
import { allKeys, writers } from './keys.ts'
import { onFreePort, type RunningServer, startServer } from './run.ts'
import { zoneFile, type ZoneServer, zoneServer } from './zone-server.ts'

const configuration = (folder: string, endpoint: Endpoint, zone: string): string => `
server:
  rundir: "${folder}"
  listen: ${endpoint.address}@${endpoint.port}
  udp-workers: 1
  tcp-workers: 1
  background-workers: 1
log:
  - target: stderr
    any: info
database:
  storage: "${folder}/db"
key:
${allKeys.map((key) => `  - id: ${key.name}\n    algorithm: ${key.algorithm}\n    secret: ${key.secret}`).join('\n')}
acl:
  - id: transfer
    address: 127.0.0.1
    action: transfer
  - id: update
    key: [${writers.map((key) => key.name).join(', ')}]
    action: update
zone:
  - domain: ${zone}
    storage: "${folder}"
    file: zone.db
    zonefile-sync: -1
    zonefile-load: difference
    acl: [transfer, update]
`

/** A Knot DNS of our own, as any user, on a free port of 127.0.0.1, with one zone that takes updates. */
export const startKnotd = (options: { readonly zone: string }): Promise<ZoneServer> =>
  onFreePort(async (endpoint) => {
    const folder = await mkdtemp(join(tmpdir(), 'knot-'))
    const cleanUp = (): Promise<void> => rm(folder, { recursive: true, force: true })
    const zone = parseFqdn(options.zone)
    if (zone === undefined) throw new Error(`${options.zone} is not a name`)
    await mkdir(join(folder, 'db'))
    await writeFile(join(folder, 'zone.db'), zoneFile(zone, endpoint))
    await writeFile(join(folder, 'knot.conf'), configuration(folder, endpoint, zone))
    const start = (): Promise<RunningServer> => startServer('knotd', ['-c', join(folder, 'knot.conf')], [/server started/, /\] loaded, serial/])
    return zoneServer(start, endpoint, zone, cleanUp)
  })
