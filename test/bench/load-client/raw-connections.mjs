import { connect } from 'node:net'

const mostOpen = 100

/** Connections that speak no proper HTTP, of which only so many are open at once: the service's own places are counted. */
export const createRawConnections = ({ host, port }, count) => {
  const open = new Set()
  const start = (localAddress, run) => {
    if (open.size >= mostOpen) return count('none-free')
    const socket = connect({ host, port, localAddress })
    open.add(socket)
    socket.on('connect', () => run(socket))
    socket.on('data', () => undefined).on('error', () => undefined)
    socket.on('close', () => open.delete(socket))
  }
  return {
    /** Bytes that are no request. */
    rawBytes: (localAddress, random) =>
      start(localAddress, (socket) => {
        socket.end(Buffer.from(Array.from({ length: 1 + Math.floor(random() * 2000) }, () => Math.floor(random() * 256))))
        count('sent')
      }),
    /** A head or a body that never comes to its end. */
    halfOpen: (localAddress, random) =>
      start(localAddress, (socket) => {
        const head = 'POST /api/v1/webhooks/scripts HTTP/1.1\r\nhost: x\r\n'
        socket.write(random() < 0.5 ? head : `${head}content-length: 100000\r\n\r\n{"site": `)
        const drip = setInterval(() => socket.write('x'), 500)
        socket.on('close', () => clearInterval(drip))
        count('sent')
      }),
    close: () => {
      for (const socket of open) socket.destroy()
    },
  }
}

/** Readers of server-sent events, who stay. `told` is called with what comes. */
export const openReaders = ({ host, port, token }, addresses, told) => {
  const sockets = addresses.map((localAddress) =>
    connect({ host, port, localAddress })
      .on('error', () => undefined)
      .on('data', (chunk) => told(chunk.toString('latin1').split('\ndata: ').length - 1))
      .on('connect', function () {
        this.write(`GET /api/v1/events HTTP/1.1\r\nhost: ${host}\r\naccept: text/event-stream\r\nauthorization: Bearer ${token}\r\n\r\n`)
      }),
  )
  return { staying: () => sockets.filter((socket) => !socket.destroyed).length, close: () => sockets.forEach((socket) => socket.destroy()) }
}
