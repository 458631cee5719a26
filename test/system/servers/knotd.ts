import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseAddress } from '../../../src/core/address.ts'
import { parseFqdn } from '../../../src/core/fqdn.ts'
import { allKeys, writers } from './keys.ts'
import { freePort, type RunningServer, startServer } from './run.ts'
import { zoneFile, type ZoneServer, zoneServer } from './zone-server.ts'

const configuration = (folder: string, port: number, zone: string): string => `
server:
  rundir: "${folder}"
  listen: 127.0.0.1@${port}
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
export const startKnotd = async (options: { readonly zone: string }): Promise<ZoneServer> => {
  const folder = await mkdtemp(join(tmpdir(), 'knot-'))
  const cleanUp = (): Promise<void> => rm(folder, { recursive: true, force: true })
  const [zone, address, port] = [parseFqdn(options.zone), parseAddress('127.0.0.1'), await freePort()]
  if (zone === undefined || address === undefined) throw new Error('zone and address')
  await mkdir(join(folder, 'db'))
  await writeFile(join(folder, 'zone.db'), zoneFile(zone))
  await writeFile(join(folder, 'knot.conf'), configuration(folder, port, zone))
  const start = (): Promise<RunningServer> => startServer('knotd', ['-c', join(folder, 'knot.conf')], [/server started/, /\] loaded, serial/])
  return zoneServer(start, { address, port }, zone, cleanUp)
}
