import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createEmbedded, type Embedded } from '../../../src/providers/embedded/embedded.ts'
import { address, fqdn } from '../../fakes/dns-names.ts'
import { runTool, toolMissing } from '../../fakes/dns-tools.ts'

let server: Embedded
beforeAll(async () => {
  server = await createEmbedded({
    listen: { address: address('127.0.0.1'), port: 0 },
    zone: fqdn('example.test'),
    records: [
      { name: 'www.example.test', type: 'A', ttl: 60, data: ['192.0.2.1', '192.0.2.2'] },
      { name: 'txt.example.test', type: 'TXT', ttl: 60, data: ['"a \\"quoted\\" text" "and more"'] },
      { name: 'example.test', type: 'CAA', ttl: 60, data: ['0 issue "ca.test"'] },
      { name: 'example.test', type: 'MX', ttl: 60, data: ['10 mail.example.test.'] },
      { name: '_sip._tcp.example.test', type: 'SRV', ttl: 60, data: ['1 2 5060 www.example.test.'] },
      { name: 'alias.example.test', type: 'CNAME', ttl: 60, data: ['www.example.test.'] },
      { name: 'big.example.test', type: 'A', ttl: 60, data: Array.from({ length: 200 }, (_, at) => `192.0.2.${at + 1}`) },
    ],
  })
})
afterAll(() => server.close())

const lines = (output: string): readonly string[] =>
  output
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith(';'))
    .map((line) => line.replaceAll(/\s+/g, ' ').trimEnd())
    .toSorted()

/** What other people's software makes of our answers. */
describe.each(['dig', 'kdig'] as const)('%s', (tool) => {
  const missing = toolMissing(tool)
  const suite = describe.skipIf(missing !== undefined)

  suite(missing ?? 'reads our answers', () => {
    it.each([
      ['www.example.test', 'A', ['www.example.test. 60 IN A 192.0.2.1', 'www.example.test. 60 IN A 192.0.2.2']],
      ['txt.example.test', 'TXT', [String.raw`txt.example.test. 60 IN TXT "a \"quoted\" text" "and more"`]],
      ['example.test', 'CAA', ['example.test. 60 IN CAA 0 issue "ca.test"']],
      ['example.test', 'MX', ['example.test. 60 IN MX 10 mail.example.test.']],
      ['_sip._tcp.example.test', 'SRV', ['_sip._tcp.example.test. 60 IN SRV 1 2 5060 www.example.test.']],
      ['alias.example.test', 'A', ['alias.example.test. 60 IN CNAME www.example.test.', 'www.example.test. 60 IN A 192.0.2.1', 'www.example.test. 60 IN A 192.0.2.2']],
    ])('%s %s', async (name, type, expected) => {
      const output = await runTool(tool, server.address(), '+norecurse', name, type)
      expect(lines(output)).toEqual(expected)
      expect(output).toMatch(/[Ff]lags: qr aa;/)
      expect(output).not.toMatch(/warning|malformed/i)
      expect(lines(await runTool(tool, server.address(), name, type, '+tcp'))).toEqual(expected)
    })

    it('falls back to TCP by itself', async () => {
      expect(lines(await runTool(tool, server.address(), 'big.example.test', 'A'))).toHaveLength(200)
    })

    it('reads a denial', async () => {
      const output = await runTool(tool, server.address(), '+authority', 'gone.example.test', 'A')
      expect(output).toMatch(/NXDOMAIN/)
      expect(lines(output)).toEqual([`example.test. 30 IN SOA ns.example.test. hostmaster.example.test. ${server.serial()} 3600 600 604800 30`])
    })

    it('gets no transfer', async () => {
      expect(await runTool(tool, server.address(), 'example.test', 'AXFR').catch((error: { stdout?: string }) => error.stdout)).not.toMatch(/192\.0\.2/)
    })
  })
})
