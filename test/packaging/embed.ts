import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { acquireLock, compose, loadConfig, type OnceOptions, runOnce } from 'dns-failover'
import { parseFqdn } from 'dns-failover/provider'
import { createMemoryProvider, type MemoryZone } from './memory-provider.ts'

/** A program that embeds the engine with a provider of its own, against one web server; prints what came to stand in its zone. */
const zoneName = parseFqdn('example.test')
if (zoneName === undefined) throw new Error('a name')
const zone: MemoryZone = { name: zoneName, records: [] }
const server = createServer((_, response) => response.end('Hello')).listen(0, '127.0.9.1')
await new Promise((resolve) => server.once('listening', resolve))

const loaded = await loadConfig('dns-failover.yaml', { PORT: String((server.address() as AddressInfo).port) })
if (!loaded.ok) throw new Error(loaded.problems.map((problem) => problem.message).join('\n'))
const lock = await acquireLock(loaded.config.stateDir, { command: 'embed' })
if (lock.kind === 'busy') throw new Error(`process ${lock.holder.pid} works here already`)
const running = new Map([['mine', createMemoryProvider(zone)]])
const parts = await compose(loaded.config, { isDryRun: false, log: () => undefined, report: (event) => void event.kind, running })
const options: OnceOptions = { isDryRun: false, checksMs: 10_000, verifyMs: 0 }
for (const site of loaded.config.sites) await runOnce(site, parts.portsOf(site), options, AbortSignal.timeout(20_000))
await parts.close()
await lock.release()
server.close()
process.stdout.write(zone.records.map(({ name, type, data }) => `${name} ${type} ${data}\n`).join(''))
