import { once } from 'node:events'
import { writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { makeFolder } from '../../store/folder.ts'

/** What a region's web server has: heartbeats by writer, as text; "slow" ones grow with each look. */
export interface ServedRegion {
  /** By path. */
  readonly pages: Map<string, string | (() => string)>
  stop(): Promise<void>
}

export const beat = (region: string, counter: number, content = 'a'): string =>
  JSON.stringify({ version: 1, region, counter, boot: 'b', writtenAt: new Date(counter * 1000).toISOString(), content })

/** Regions on loopback addresses with one port, and a config of theirs; `replication` is YAML of one line. */
export const serveRegions = async (names: readonly string[], replication: string): Promise<{ readonly config: string; readonly folder: string; readonly regions: Readonly<Record<string, ServedRegion>> }> => {
  const regions: Record<string, ServedRegion> = {}
  let port = 0
  for (const [at, name] of names.entries()) {
    const pages: ServedRegion['pages'] = new Map()
    const server = createServer(({ url }, response) => {
      const page = pages.get(url ?? '')
      response.statusCode = page === undefined ? 404 : 200
      response.end(typeof page === 'function' ? page() : page)
    })
    server.listen(port, `127.0.0.${at + 2}`)
    await once(server, 'listening')
    const address = server.address()
    port = address === null || typeof address === 'string' ? 0 : address.port
    const stop = async (): Promise<void> => {
      if (!server.listening) return
      const closed = once(server, 'close')
      server.close()
      server.closeAllConnections()
      await closed
    }
    onTestFinished(stop)
    regions[name] = { pages, stop }
  }
  const folder = await makeFolder()
  const config = join(folder, 'dns-failover.yaml')
  const lines = names.map((name, at) => `      ${name}: { addresses: [127.0.0.${at + 2}] }\n`).join('')
  await writeFile(
    config,
    `version: 1
providers:
  local: { type: rfc2136, server: "127.0.0.1:1", zone: example.test }
sites:
  failover.example.test:
    allowPrivate: true
    regions:
${lines}    check: { url: "http://{site}:${port}/", timeout: 1s }
    replication: ${replication}
`,
  )
  return { config, folder, regions }
}
