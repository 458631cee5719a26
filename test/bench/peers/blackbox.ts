import { mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Pool } from 'undici'
import { pathOf } from '../../system/servers/available.ts'
import { siteName, wantedBody } from './checker.ts'
import { type BenchProcess, startProcess } from './process.ts'

const configText = `modules:
  web:
    prober: http
    timeout: 1s
    http:
      preferred_ip_protocol: ip4
      headers: { Host: ${siteName} }
      fail_if_body_not_matches_regexp: [ ${wantedBody} ]
`

const connections = 256
const turnMs = 10

/** Asks it to probe each target once a second, as Prometheus would; a target whose probe has not ended misses its turn. Returns how that ends. */
const drive = (host: string, port: number, addresses: readonly string[]): (() => Promise<void>) => {
  const pool = new Pool(`http://${host}:9115`, { connections })
  const waiting = new Set<string>()
  const probe = async (address: string): Promise<void> => {
    if (waiting.has(address)) return
    waiting.add(address)
    try {
      const { body } = await pool.request({ path: `/probe?module=web&target=${encodeURIComponent(`http://${address}:${port}/`)}`, method: 'GET' })
      await body.dump()
    } catch {
      // It is not there any more, or could not keep up: what counts is what it has asked.
    } finally {
      waiting.delete(address)
    }
  }
  const startedAt = performance.now()
  let asked = 0
  const timer = setInterval(() => {
    for (const due = ((performance.now() - startedAt) / 1000) * addresses.length; asked < due; asked += 1) void probe(addresses[asked % addresses.length] ?? '')
  }, turnMs)
  return async () => {
    clearInterval(timer)
    await pool.destroy()
  }
}

/** With the one who asks it; what counts is its process alone. */
export const startBlackboxProcess = async (host: string, port: number, addresses: readonly string[], core?: number): Promise<BenchProcess> => {
  const folder = await mkdtemp(join(tmpdir(), 'blackbox-'))
  await writeFile(join(folder, 'blackbox.yml'), configText)
  const isReady = (): Promise<boolean> =>
    fetch(`http://${host}:9115/-/healthy`).then(
      ({ ok }) => ok,
      () => false,
    )
  const process = await startProcess([pathOf('prometheus-blackbox-exporter') ?? 'prometheus-blackbox-exporter', `--config.file=${join(folder, 'blackbox.yml')}`, `--web.listen-address=${host}:9115`, '--log.level=error'], { isReady, core })
  const rest = drive(host, port, addresses)
  return {
    ...process,
    stop: async () => {
      await rest()
      await process.stop()
    },
  }
}
