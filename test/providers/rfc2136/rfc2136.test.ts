import { afterEach, describe, expect, it } from 'vitest'
import type { Provider } from '../../../src/providers/provider.ts'
import { createRfc2136 } from '../../../src/providers/rfc2136/rfc2136.ts'
import { authority } from './scripted-authority.ts'
import { createBench, address, read, secret, tsig, zone } from './fixture.ts'

const bench = createBench()
afterEach(() => bench.close())

const make = (tsigOption: { name: string; secret: string }) => (): Provider =>
  createRfc2136({ server: { address: address('127.0.0.1'), port: 53 }, zone, tsig: { ...tsigOption, algorithm: 'hmac-sha256' }, wallNow: Date.now })

describe('options', () => {
  it('says what is wrong with a key, and never its secret', () => {
    expect(make({ name: 'k', secret: 'not base64!' })).toThrow(new RangeError('the secret of TSIG key "k" is not base64'))
    expect(make({ name: 'k', secret: '' })).toThrow(new RangeError('the secret of TSIG key "k" is not base64'))
    expect(make({ name: 'k..k', secret })).toThrow(new RangeError('"k..k" is no domain name'))
  })

  it('takes a secret in lines, and a key name with a dot at its end', async () => {
    const { server } = await bench.serve(authority([], tsig))
    const provider = createRfc2136({ server: server.endpoint, zone, tsig: { name: 'K.', algorithm: 'hmac-sha256', secret: `${secret.slice(0, 8)}\n ${secret.slice(8)}\n` }, wallNow: Date.now })
    expect((await read(provider)).values).toEqual([])
  })
})
