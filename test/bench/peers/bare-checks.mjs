// The floor: what asking alone costs in Node, by plain sockets, once a second each, with nothing decided.
import { connect } from 'node:net'

const [kind, port, ...addresses] = process.argv.slice(2)
const isKept = kind === 'kept'

const request = `GET / HTTP/1.1\r\nHost: www.bench.test\r\n${isKept ? '' : 'Connection: close\r\n'}\r\n`
const turnMs = 5

const sockets = new Map()

const ask = (address) => {
  const kept = sockets.get(address)
  if (kept !== undefined) return void kept.write(request)
  const socket = connect(Number(port), address)
  socket.on('error', () => undefined)
  socket.on('close', () => sockets.delete(address))
  socket.on('data', (chunk) => {
    if (!chunk.includes('Hello')) process.exitCode = 1
  })
  if (isKept) sockets.set(address, socket)
  socket.write(request)
}

const startedAt = performance.now()
let asked = 0
setInterval(() => {
  for (const due = ((performance.now() - startedAt) / 1000) * addresses.length; asked < due; asked += 1) ask(addresses[asked % addresses.length])
}, turnMs)
