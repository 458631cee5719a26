// A web server that answers 200 to everything: node web-server.mjs ADDRESS PORT. Tells its parent when it listens.
import { createServer } from 'node:http'

const [, , address, port] = process.argv
createServer((_, response) => response.end('Hello')).listen(Number(port), address, () => process.send('listening'))
