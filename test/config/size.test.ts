import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type LoadedConfig, loadConfig } from '../../src/config/load-config.ts'

const head = 'version: 1\nproviders: { p: { type: embedded, listen: "127.0.0.1:5300", zone: example.com } }\n'

const siteText = (site: number): string => `  s${site}.example.com:
    ttl: 60
    minPublished: 1
    regions:
${['msk', 'ams', 'nyc', 'sgp'].map((region) => `      ${region}:\n        service: s${site}-${region}.example.com\n        role: active\n`).join('')}    check:
      url: "https://{site}/healthz"
      every: 5s
      timeout: 3s
      fall: 3
      rise: 2
      expect: { status: 200, body: fine }
`

const sitesText = (count: number): string => `${head}sites:\n${Array.from({ length: count }, (_, site) => siteText(site)).join('')}`

/** As many values as it says, of which the file holds few. */
const listsOf = (values: number): string => {
  const row = 999
  return `a: &a [${Array(row).fill('x').join(', ')}]\nb: [${Array(Math.floor(values / (row + 2))).fill('*a').join(', ')}]\n`
}

const patienceMs = 120_000

describe('a large config', () => {
  let directory = ''
  beforeAll(() => {
    directory = mkdtempSync(join(tmpdir(), 'config-size-'))
  })
  afterAll(() => rmSync(directory, { recursive: true }))

  const load = (text: string): Promise<LoadedConfig> => {
    const file = join(directory, 'config.yml')
    writeFileSync(file, text)
    return loadConfig(file, {})
  }
  const messages = (loaded: LoadedConfig): readonly string[] => (loaded.ok ? [] : loaded.problems.map(({ message }) => message))
  const isRefused = (loaded: LoadedConfig): boolean => messages(loaded).some((message) => /more than \d+ values/.test(message))

  it('may hold a thousand sites of four regions, every line written out', { timeout: patienceMs }, async () => {
    const loaded = await load(sitesText(1000))
    expect(messages(loaded)).toEqual([])
    expect(loaded.ok && loaded.config.sites.flatMap(({ regions }) => regions)).toHaveLength(4000)
  })

  it('may be 2 MiB long, and no longer', { timeout: patienceMs }, async () => {
    const filled = (bytes: number): string => `${sitesText(2)}#${' '.repeat(bytes - sitesText(2).length - 1)}`
    expect((await load(filled(2 * 1_048_576))).ok).toBe(true)
    expect(messages(await load(filled(2 * 1_048_576 + 1)))).toEqual(['cannot read the config: it is longer than 2 MiB'])
  })

  it('may hold or expand to 100,000 values, and no more', { timeout: patienceMs }, async () => {
    expect(isRefused(await load(listsOf(98_000)))).toBe(false)
    expect(messages(await load(listsOf(102_000)))).toEqual([
      'the file holds, or its aliases expand to, more than 100000 values; give part of the sites to a service of their own',
    ])
  })

  it('counts what << merges, though each key counts once', { timeout: patienceMs }, async () => {
    const keys = Array.from({ length: 1000 }, (_, key) => `k${key}: 1`).join(', ')
    const merged = (times: number): string => `a: &a { ${keys} }\nb: { <<: [${Array(times).fill('*a').join(', ')}] }\n`
    expect(isRefused(await load(merged(90)))).toBe(false)
    expect(isRefused(await load(merged(110)))).toBe(true)
  })

  it('with a mistake in each site tells of thousands, and ends', { timeout: patienceMs }, async () => {
    const loaded = await load(`${head}sites:\n${Array.from({ length: 6000 }, (_, site) => `  s${site}.example.com: {}`).join('\n')}\n`)
    expect(messages(loaded).length).toBeGreaterThan(999)
  })
})
