import { createServer } from 'node:http'
import type { FromServer, Page, ToServer } from './server-state.ts'

const say = (message: FromServer): void => void process.send?.(message)

/**
 * A region's web server, a process of its own, so that it can really be killed and frozen:
 * `region-server.js REGION ADDRESS PORT GREETING`. Ends when its parent does.
 */
const serve = (region: string, address: string, port: number, greeting: string): void => {
  let page: Page = 'serving'

  const server = createServer((_request, response) => {
    response.setHeader('content-type', 'text/plain; charset=utf-8')
    switch (page) {
      case 'serving':
        return response.end(`${greeting}, served by ${region}\n`)
      case 'answers-500':
        return response.writeHead(500).end('something broke\n')
      case 'wrong-page':
        return response.end('It works! (the page of a server that nobody has set up)\n')
    }
  })
  server.on('error', (error: NodeJS.ErrnoException) => {
    say({ kind: 'failed', code: error.code ?? '', message: error.message })
    process.disconnect()
  })
  server.listen(port, address, () => say({ kind: 'listening' }))
  process.on('message', (message) => {
    page = (message as ToServer).page
    say({ kind: 'page', page })
  })
  process.on('disconnect', () => process.exit())
  // A terminal sends these to all of its processes: what becomes of this one is the parent's to say.
  process.on('SIGINT', () => undefined).on('SIGHUP', () => undefined)
}

const [region = '', address = '', port = '', greeting = ''] = process.argv.slice(2)
serve(region, address, Number(port), greeting)
