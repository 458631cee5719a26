import { mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathOf } from '../../system/servers/available.ts'
import { accepts } from './accepts.ts'
import { siteName, wantedBody } from './checker.ts'
import { type BenchProcess, startProcess } from './process.ts'

const configText = (host: string, port: number, addresses: readonly string[]): string => `global
  nbthread 1
  maxconn 4000
defaults
  mode http
  timeout connect 1s
  timeout client 1s
  timeout server 1s
  timeout check 1s
frontend front
  bind ${host}:80
  default_backend regions
backend regions
  option httpchk
  http-check send meth GET uri / hdr Host ${siteName}
  http-check expect string ${wantedBody}
  default-server check inter 1s fall 3 rise 2
${addresses.map((address, index) => `  server s${index} ${address}:${port}\n`).join('')}`

/** Checks all of these once a second. */
export const startHaproxyProcess = async (host: string, port: number, addresses: readonly string[], core?: number): Promise<BenchProcess> => {
  const folder = await mkdtemp(join(tmpdir(), 'haproxy-'))
  await writeFile(join(folder, 'haproxy.cfg'), configText(host, port, addresses))
  return startProcess([pathOf('haproxy') ?? 'haproxy', '-db', '-f', join(folder, 'haproxy.cfg')], { isReady: () => accepts(host, 80), core })
}
