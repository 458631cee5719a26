import { describe, expect, it } from 'vitest'
import type { TlsOptions } from 'node:tls'
import type { RegionServer } from '../fakes/region-server.ts'
import { createAuthority, selfSigned } from '../fakes/certificates.ts'
import { onRequest, startHttp, startTcp, startTls } from '../fakes/region-server.ts'
import { aCheck, aChecker, checkSurely, gist } from './checking.ts'

const authority = createAuthority()
const name = 'failover.test'
const day = 86_400_000
const daysFromNow = (days: number): Date => new Date(Date.now() + days * day)

/** Answers every request over TLS with 200 and the name that SNI asked for. */
const serving = (options: TlsOptions, host?: string): Promise<RegionServer> =>
  startTls(
    options,
    (socket) =>
      onRequest(socket, () => {
        const asked = 'servername' in socket && typeof socket.servername === 'string' ? socket.servername : 'none'
        socket.end(`HTTP/1.1 200 OK\r\ncontent-length: ${5 + asked.length}\r\n\r\nsni: ${asked}`)
      }),
    host,
  )

const ask = async (server: RegionServer, changes: Parameters<typeof aCheck>[0] = {}, host = name): Promise<object> => {
  const check = aCheck({ ca: authority.ca, ...changes })
  const result = await checkSurely(aChecker(), `https://${host}:${server.port}/`, server.address, check)
  expect(result.timing.totalMs).toBeLessThan(check.bounds.totalMs + 250)
  return { ...gist(result), ...(result.certificateDays === undefined ? {} : { days: result.certificateDays }) }
}

const seesName = (text: string): Parameters<typeof aCheck>[0] => ({ expect: { body: { kind: 'contains', text } } })

describe('a certificate', () => {
  it('that is right is reported with its days, and the name is asked for', async () => {
    const server = await serving(authority.issue([name]))
    expect(await ask(server, seesName(`sni: ${name}`))).toEqual({ kind: 'ok', status: 200, days: 90 })
  })

  it('is compared with the name without the dot of the root', async () => {
    const server = await serving(authority.issue([name]))
    expect(await ask(server, seesName(`sni: ${name}`), `${name}.`)).toEqual({ kind: 'ok', status: 200, days: 90 })
  })

  it.each([
    ['127.0.0.1', '127.0.0.1'],
    ['::1', '[::1]'],
  ])('may be for the address %s, without SNI', async (address, host) => {
    const server = await serving(authority.issue([address]), address)
    expect(await ask(server, seesName('sni: none'), host)).toEqual({ kind: 'ok', status: 200, days: 90 })
  })

  it('is reported on also when something else is wrong', async () => {
    const server = await serving(authority.issue([name]))
    const changes = { expect: { status: [{ from: 500, to: 500 }] } }
    expect(await ask(server, changes)).toEqual({ kind: 'failed', cause: 'status', status: 200, days: 90 })
  })

  it.each([
    ['expired', { from: daysFromNow(-30), to: daysFromNow(-2.5) }, -3],
    ['not yet valid', { from: daysFromNow(2), to: daysFromNow(30.5) }, 30],
  ])('that is %s', async (_, validity, days) => {
    const server = await serving(authority.issue([name], validity))
    expect(await ask(server)).toEqual({ kind: 'failed', cause: 'certificate-expired', days })
  })

  it('for another name', async () => {
    const server = await serving(authority.issue(['other.test']))
    expect(await ask(server)).toEqual({ kind: 'failed', cause: 'certificate-name', days: 90 })
  })

  it('for another address', async () => {
    const server = await serving(authority.issue(['127.0.0.2']))
    expect(await ask(server, {}, '127.0.0.1')).toEqual({ kind: 'failed', cause: 'certificate-name', days: 90 })
  })

  it('that signed itself', async () => {
    const server = await serving(selfSigned([name]))
    expect(await ask(server)).toEqual({ kind: 'failed', cause: 'certificate-untrusted', days: 90 })
  })

  it('from a root that is not ours, unless it is given', async () => {
    const server = await serving(authority.issue([name]))
    expect(await ask(server, { ca: undefined })).toEqual({ kind: 'failed', cause: 'certificate-untrusted', days: 90 })
  })

  it('with too few days left', async () => {
    const server = await serving(authority.issue([name], { from: daysFromNow(-1), to: daysFromNow(10.5) }))
    expect(await ask(server, { minCertDays: 11 })).toEqual({ kind: 'failed', cause: 'certificate-expiring', status: 200, days: 10 })
    expect(await ask(server, { minCertDays: 10 })).toEqual({ kind: 'ok', status: 200, days: 10 })
  })

  it('is not asked anything before it has been verified', async () => {
    let asked = 0
    const server = await startTls(authority.issue(['other.test']), (socket) => socket.on('data', () => (asked += 1)))
    await ask(server)
    await server.idle()
    expect(asked).toBe(0)
  })
})

describe('a handshake', () => {
  it('with plain HTTP', async () => {
    const server = await startHttp((_, response) => response.end())
    expect(await ask(server)).toEqual({ kind: 'failed', cause: 'tls' })
  })

  it('with a plain text banner', async () => {
    const server = await startTcp((socket) => socket.write('SSH-2.0-OpenSSH_9.2\r\n'))
    expect(await ask(server)).toEqual({ kind: 'failed', cause: 'tls' })
  })

  it('with silence', async () => {
    const server = await startTcp(() => {})
    expect(await ask(server, { bounds: { tlsMs: 250 } })).toEqual({ kind: 'failed', cause: 'tls-timeout' })
  })

  it('with an alert', async () => {
    const alert = Buffer.from('15030300020228', 'hex')
    const server = await startTcp((socket) => socket.once('data', () => socket.end(alert)))
    expect(await ask(server)).toEqual({ kind: 'failed', cause: 'tls' })
  })

  it('with a server that wants a certificate of ours', async () => {
    const server = await serving({ ...authority.issue([name]), requestCert: true, rejectUnauthorized: true, ca: authority.ca })
    expect(await ask(server)).toEqual({ kind: 'failed', cause: 'tls', days: 90 })
  })

  it('that is cut', async () => {
    const server = await startTcp((socket) => socket.once('data', () => socket.end()))
    expect(await ask(server)).toEqual({ kind: 'failed', cause: 'reset' })
  })

  it('with a CA that is no PEM is our own fault', async () => {
    const server = await serving(authority.issue([name]))
    expect(await ask(server, { ca: 'no certificate at all' })).toEqual({ kind: 'cannot-tell', cause: 'local-error' })
  })
})

describe('over TLS', () => {
  it('a flood of framing ends', async () => {
    const server = await startTls(authority.issue([name]), (socket) =>
      onRequest(socket, () => {
        const more = (): void => {
          while (!socket.destroyed && socket.write('x'.repeat(10_000)));
        }
        socket.on('drain', more)
        socket.write('HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n1;')
        more()
      }),
    )
    expect(await ask(server)).toEqual({ kind: 'failed', cause: 'protocol', status: 200, days: 90 })
  })

  it('a cut without goodbye is a reset', async () => {
    const server = await startTls(authority.issue([name]), (socket) =>
      onRequest(socket, () => socket.write('HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nHello', () => socket.destroy())),
    )
    expect(await ask(server)).toEqual({ kind: 'failed', cause: 'reset', status: 200, days: 90 })
  })
})
