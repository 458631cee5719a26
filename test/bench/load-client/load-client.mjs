/*
 * Asks a service for a thousand things a second, whether or not it keeps up: node load-client.mjs OPTIONS, forked. It begins
 * at once; 'measure' forgets what has been counted; 'stop' has it report and end. Never more than `mostOpen` wait for an answer.
 */
import { Pool } from 'undici'
import { randomFrom, requestOf, thousand } from './mix.mjs'
import { createRawConnections, openReaders } from './raw-connections.mjs'

const { host, port, token, webhookToken, sites, perSecond } = JSON.parse(process.argv[2])
const tickMs = 5
const mostOpen = 2000
const random = randomFrom(4)

const range = (count, network) => Array.from({ length: count }, (_, index) => `127.${network}.0.${index + 1}`)
const addresses = { many: range(40, 22), greedy: ['127.23.0.1'], hostile: range(20, 24) }
const pools = new Map(Object.values(addresses).flat().map((localAddress) => [localAddress, new Pool(`http://${host}:${port}`, { localAddress, connections: 4, headersTimeout: 10_000, bodyTimeout: 10_000 })]))

let tally = {}
let waits = []
let open = 0
const count = (name, by = 1) => (tally[name] = (tally[name] ?? 0) + by)

const raw = createRawConnections({ host, port }, count)
const readers = openReaders({ host, port, token }, range(20, 25), (events) => count('events-told', events))

const ask = async (kind, from) => {
  const startedAt = performance.now()
  open += 1
  try {
    const { statusCode, body } = await pools.get(from).request(requestOf(kind, { sites, token, webhookToken, random }))
    await body.dump({ limit: 16_777_216 })
    count(`${kind} ${statusCode}`)
    if (statusCode === 200) waits.push(performance.now() - startedAt)
  } catch (error) {
    count(`${kind} ${error.code ?? error.name}`)
  }
  open -= 1
}

let turn = 0
const send = () => {
  const { kind, of } = thousand[turn % thousand.length]
  const from = addresses[of][turn % addresses[of].length]
  turn += 1
  count('asked')
  if (kind === 'raw-bytes') return raw.rawBytes(from, random)
  if (kind === 'half-open') return raw.halfOpen(from, random)
  if (open >= mostOpen) return count('not-sent')
  void ask(kind, from)
}

const startedAt = performance.now()
const timer = setInterval(() => {
  const due = ((performance.now() - startedAt) / 1000) * perSecond
  for (let left = Math.floor(due) - turn; left > 0; left -= 1) send()
}, tickMs)

const quantile = (share) => waits.toSorted((a, b) => a - b)[Math.max(0, Math.ceil(waits.length * share) - 1)] ?? 0

process.on('message', (message) => {
  if (message === 'measure') {
    tally = {}
    waits = []
  }
  if (message !== 'stop') return
  clearInterval(timer)
  process.send({ tally, p50: quantile(0.5), p99: quantile(0.99), readers: readers.staying(), waiting: open }, () => process.exit(0))
})
process.on('disconnect', () => process.exit(0))
