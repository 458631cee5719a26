import { describe, expect, it } from 'vitest'
import { encodeRequest } from '../../src/providers/rfc2136/ask.ts'
import { decodeMessage, encodeMessage } from '../../src/providers/rfc2136/message.ts'
import { rcode } from '../../src/providers/rfc2136/numbers.ts'
import { decodeTsigData, signMessage, type TsigAlgorithm, type TsigKey, verifyMessage } from '../../src/providers/rfc2136/tsig.ts'
import { capturedKey, capturedScript } from '../providers/rfc2136/captured-updates.ts'
import { capturedRequest } from '../providers/rfc2136/captured-request.ts'
import { ipv4 } from '../providers/rfc2136/fixture.ts'
import { replyBytes } from '../providers/rfc2136/scripted-authority.ts'
import { type ScriptedServer, startScriptedServer } from '../providers/rfc2136/scripted-server.ts'
import { serverMissing, titled } from './servers/available.ts'
import { runTool } from './servers/run.ts'

const algorithms: readonly TsigAlgorithm[] = ['hmac-sha256', 'hmac-sha384', 'hmac-sha512']
const keyOption = (algorithm: TsigAlgorithm): string => `${algorithm}:${capturedKey.name}:${capturedKey.secret.toString('base64')}`

const withServer = async <T>(reply: (request: Buffer) => Buffer, work: (server: ScriptedServer) => Promise<T>): Promise<T> => {
  const server = await startScriptedServer(reply)
  try {
    return await work(server)
  } finally {
    await server.close()
  }
}

const askByDig = (server: ScriptedServer, algorithm: TsigAlgorithm): Promise<string> =>
  runTool('dig', ['@127.0.0.1', '-p', `${server.endpoint.port}`, '-y', keyOption(algorithm), '+tcp', '+tries=1', '+noedns', 'www.example.com', 'A'])

const missingDig = serverMissing('dig')

describe.each(['nsupdate', 'knsupdate'] as const)('%s', (tool) => {
  const missing = serverMissing(tool)

  describe.skipIf(missing !== undefined)(titled('and we', missing), () => {
    it.each(algorithms)('send the same update with the same signature, and it takes our signed answer (%s)', async (algorithm) => {
      const key: TsigKey = { ...capturedKey, algorithm }
      await withServer((request) => replyBytes(request, {}, key), async (server) => {
        const script = [`server 127.0.0.1 ${server.endpoint.port}`, ...capturedScript, ''].join('\n')
        const output = await runTool(tool, ['-v', '-y', keyOption(algorithm)], script)
        expect(output).not.toMatch(/error|fail|warn/i)

        const [theirs = Buffer.alloc(0), ...more] = server.requests
        expect(more).toEqual([])
        const decoded = decodeMessage(theirs)
        expect(encodeMessage({ ...decoded, additionals: [] })).toEqual(encodeRequest(capturedRequest, decoded.id))

        const { timeSigned } = decodeTsigData(decoded.last?.record.data ?? Buffer.alloc(0))
        expect(verifyMessage(theirs, decoded, key, undefined, timeSigned)).toEqual({ kind: 'valid' })
        const unsigned = Buffer.from(theirs.subarray(0, decoded.last?.offset))
        unsigned.writeUInt16BE(0, 10)
        expect(signMessage(unsigned, key, timeSigned).bytes).toEqual(theirs)
      })
    })
  })
})

describe.skipIf(missingDig !== undefined)(titled('dig', missingDig), () => {
  it.each(algorithms)('accepts our signature of an answer (%s)', async (algorithm) => {
    const answer = { rcode: rcode.NOERROR, answers: [ipv4('www.example.com', '192.0.2.1')] }
    const output = await withServer((request) => replyBytes(request, answer, { ...capturedKey, algorithm }), (server) => askByDig(server, algorithm))
    expect(output).toMatch(/^www\.example\.com\.\s+60\s+IN\s+A\s+192\.0\.2\.1$/m)
    expect(output).toMatch(/TSIG PSEUDOSECTION/)
    expect(output).not.toMatch(/verify|WARNING|BADSIG/i)
  })

  it('does not accept it with another secret, so that the case above can fail', async () => {
    const wrong: TsigKey = { ...capturedKey, secret: Buffer.from('other'), algorithm: 'hmac-sha256' }
    const output = await withServer((request) => replyBytes(request, {}, wrong), (server) => askByDig(server, 'hmac-sha256'))
    expect(output).toMatch(/Couldn't verify signature/)
  })
})
