// A region's web server: at one address, on several ports, as bad as it is told to be.
import { createServer } from 'node:http'

const [address, ...ports] = process.argv.slice(2)

let behaviour = 'serve'
/** Like nginx's: a connection may rest for longer than anybody here waits. */
const keepAliveMs = 75_000
const dripMs = 100

const drip = (response) => {
  response.writeHead(200, { 'content-length': '1000' })
  const timer = setInterval(() => response.write('x'), dripMs)
  response.on('close', () => clearInterval(timer))
}

const answer = (status, body) => (response) => {
  response.writeHead(status, { 'content-type': 'text/plain', 'content-length': String(body.length) })
  response.end(body)
}

const serve = answer(200, 'Hello')
const fail = answer(500, 'Internal Server Error')
const answers = { serve, fail, wrong: answer(200, 'Goodbye'), drip }

const start = (port) =>
  new Promise((resolve) => {
    let asked = 0
    const server = createServer((_, response) => {
      asked += 1
      if (behaviour === 'alternate') (asked % 2 === 0 ? fail : serve)(response)
      else answers[behaviour](response)
    })
    server.keepAliveTimeout = keepAliveMs
    server.listen(Number(port), address, 511, resolve)
  })

process.on('message', (wanted) => {
  behaviour = wanted
  process.send(Number(process.hrtime.bigint()) / 1e6)
})
process.on('disconnect', () => process.exit(0))
await Promise.all(ports.map(start))
process.send(Number(process.hrtime.bigint()) / 1e6)
