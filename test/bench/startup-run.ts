import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { endpointText } from '../../src/core/endpoint.ts'
import { startCloudflareApi } from '../fakes/cloudflare/cloudflare-api.ts'
import { zone as cloudflareZone } from '../providers/cloudflare/bench.ts'
import { startNameServer } from '../providers/cloudflare/name-server.ts'
import { ddnsKey } from '../system/servers/keys.ts'
import { startNamed } from '../system/servers/named.ts'
import { monotonicMs, workedMs } from './process-cost.ts'
import type { Start } from './startup-table.ts'
import { zoneName } from './peers/checker.ts'

const program = fileURLToPath(new URL('../../dist/cli/dns-reconcile.js', import.meta.url))
const address = '127.0.1.1'
const patienceMs = 60_000

/** A region that says when somebody connects. */
interface Door {
  readonly port: number
  /** Resolves with the moment of the next connection. */
  next(): Promise<number>
  close(): Promise<void>
}

const openDoor = async (): Promise<Door> => {
  const server = createServer((_, response) => response.end('Hello'))
  server.listen(0, address)
  await once(server, 'listening')
  return {
    port: (server.address() as AddressInfo).port,
    next: async () => {
      await once(server, 'connection', { signal: AbortSignal.timeout(patienceMs) })
      return monotonicMs()
    },
    close: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

/** A way to start a program that connects to the door. */
export interface Starter {
  readonly what: string
  readonly command: readonly string[]
}

const configText = (provider: string, site: string, port: number, more = ''): string => `version: 1
providers: { p: ${provider} }
${more}sites:
  ${site}:
    allowPrivate: true
    regions: { msk: { addresses: [${address}] }, ams: { addresses: [127.0.1.2] } }
    check: { url: "http://{site}:${port}/" }
`

const env = (token: string): NodeJS.ProcessEnv => ({ PATH: process.env['PATH'], TZ: 'UTC', TSIG_SECRET: ddnsKey.secret, CF_TOKEN: token })

/** Starts it, and ends it when it has connected. */
const timeStart = async ({ what, command }: Starter, door: Door, environment: NodeJS.ProcessEnv): Promise<Start> => {
  const [file = '', ...args] = command
  const [connected, startedAt] = [door.next(), monotonicMs()]
  const child = spawn(file, args, { stdio: ['ignore', 'pipe', 'pipe'], env: environment })
  let said = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (said += chunk.toString()))
  const ended = once(child, 'close')
  const first = await Promise.race([connected, ended.then(() => undefined)])
  const worked = first === undefined ? 0 : workedMs(child.pid ?? 0)
  child.kill('SIGKILL')
  await ended
  if (first === undefined) throw new Error(`${what} ended before its first check:\n${said}`)
  return { what, wallMs: first - startedAt, workedMs: worked }
}

/** `dns-reconcile --dry-run` by provider, and Node alone, in turns. `tell` gets each start as it is timed. */
export const runStartup = async (runs: number, tell: (start: Start) => void): Promise<void> => {
  const folder = await mkdtemp(join(tmpdir(), 'startup-'))
  const door = await openDoor()
  const api = await startCloudflareApi({ zones: [cloudflareZone], requestLimit: 100_000 })
  const bind = await startNamed({ zone: zoneName, isSigned: false })
  const reconcile = async (what: string, text: string): Promise<Starter> => {
    const config = join(folder, `${what}.yaml`)
    await writeFile(config, text)
    return { what: `dns-reconcile --dry-run, ${what}`, command: [process.execPath, program, '--dry-run', '--config', config] }
  }
  try {
    const cloudflareServer = await startNameServer(api)
    const starters = [
      await reconcile('embedded', configText(`{ type: embedded, listen: "127.0.2.1:53", zone: ${zoneName} }`, `www.${zoneName}`, door.port)),
      await reconcile(
        'rfc2136',
        configText(
          `{ type: rfc2136, server: "${endpointText(bind.endpoint)}", zone: ${zoneName}, tsig: { name: ${ddnsKey.name}, algorithm: ${ddnsKey.algorithm}, secret: "\${TSIG_SECRET}" } }`,
          `www.${zoneName}`,
          door.port,
          `nameservers: ["${endpointText(bind.endpoint)}"]\n`,
        ),
      ),
      await reconcile('cloudflare', configText(`{ type: cloudflare, apiToken: "\${CF_TOKEN}", baseUrl: "${api.baseUrl}" }`, `www.${cloudflareZone}`, door.port, `nameservers: ["${cloudflareServer}"]\n`)),
      { what: 'Node alone, until it connects', command: [process.execPath, '-e', `require('node:net').connect(${door.port}, '${address}')`] },
    ]
    for (let run = 0; run < runs; run += 1) for (const starter of starters) tell(await timeStart(starter, door, env(api.token)))
  } finally {
    await bind.stop()
    await api.close()
    await door.close()
  }
}
