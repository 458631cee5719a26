import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { loadConfig } from '../../src/config/load-config.ts'
import { renderProblems } from '../../src/config/render-problems.ts'
import { corpusEnv, corpusFiles, corpusText, secretTexts } from './corpus.ts'

const valid = corpusFiles('valid').map(corpusText)
const words = valid.flatMap((text) => text.match(/[\w./:-]+|[{}[\],"'#&*<>|$]|\n *|: /g) ?? [])
/** By their names alone, wherever they come to stand. */
const variableSecrets = secretTexts.filter((secret) => Object.entries(corpusEnv).some(([name, value]) => /TOKEN|TSIG/.test(name) && value?.startsWith(secret)))
const splices = fc.constantFrom(
  ...words, '\t', '\u0000', '---\n', '? ', '!!binary ', '<<: ', '*regions', '&a ', '|\n', '"', '${', '${TOKEN}', '__proto__: ', 'constructor', '- ', '-', 'null', '~', '[[[[', '{{{{', '\u202E', '\r', '9'.repeat(400), '🎈',
)

describe('whatever stands in the file', () => {
  let directory = ''
  beforeAll(() => {
    directory = mkdtempSync(join(tmpdir(), 'config-'))
  })
  afterAll(() => rmSync(directory, { recursive: true }))

  const judge = async (text: string): Promise<void> => {
    const file = join(directory, 'config.yml')
    writeFileSync(file, text)
    const before = performance.now()
    const loaded = await loadConfig(file, corpusEnv)
    const shown = renderProblems(loaded, { color: false })
    expect(performance.now() - before).toBeLessThan(3000)
    if (!loaded.ok) expect(loaded.problems.length).toBeGreaterThan(0)
    const lines = loaded.source.split('\n')
    for (const { line, column } of loaded.ok ? loaded.warnings : loaded.problems) {
      expect(line).toBeGreaterThan(0)
      expect(line).toBeLessThanOrEqual(lines.length)
      expect(column).toBeGreaterThan(0)
      expect(column).toBeLessThanOrEqual((lines[line - 1]?.length ?? 0) + 1)
    }
    for (const secret of variableSecrets) expect(shown).not.toContain(secret)
  }

  it('arbitrary text ends in problems, not exceptions', async () => {
    await fc.assert(fc.asyncProperty(fc.array(fc.oneof(splices, fc.string()), { maxLength: 60 }), (parts) => judge(parts.join(''))), { numRuns: 400 })
  })

  it('a valid config with pieces cut out, put in and swapped', async () => {
    const edit = fc.record({ at: fc.double({ min: 0, max: 1, noNaN: true }), cut: fc.nat(30), put: fc.array(splices, { maxLength: 3 }) })
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...valid), fc.array(edit, { minLength: 1, maxLength: 4 }), (text, edits) => {
        const changed = edits.reduce((now, { at, cut, put }) => {
          const start = Math.floor(at * now.length)
          return now.slice(0, start) + put.join('') + now.slice(start + cut)
        }, text)
        return judge(changed)
      }),
      { numRuns: 600 },
    )
  })

  it.each([
    ['deep lists', '['.repeat(100_000)],
    ['deep maps', '{a: '.repeat(50_000)],
    ['deep sequences', '- '.repeat(100_000)],
    ['deep sequences on lines', '-\n '.repeat(700) + '-\n'],
    ['deep blocks', Array.from({ length: 700 }, (_, at) => `${' '.repeat(at)}a:`).join('\n')],
    ['blocks as deep as allowed', Array.from({ length: 200 }, (_, at) => `${' '.repeat(at)}a:`).join('\n') + ` ${'['.repeat(64)}`],
    ['deep keys', '? '.repeat(100_000)],
    ['brackets, indicators and indents mixed', '- [{? - '.repeat(20_000)],
    ['many keys', Array.from({ length: 20_000 }, (_, at) => `key${at}: 1`).join('\n')],
    ['many equal keys', 'a: 1\n'.repeat(40_000)],
    ['many faults', 'a: b: c\n'.repeat(20_000)],
    ['many merges', `a: &a {x: 1}\n${'<<: *a\n'.repeat(20_000)}`],
    ['many variables', `a: "${'${X}'.repeat(40_000)}"`],
    ['a long line', `version: ${'x'.repeat(200_000)}`],
    ['quotes', '"'.repeat(200_000)],
    ['blank lines', '\n'.repeat(250_000)],
    ['secrets', 'apiToken: aaaa\n'.repeat(15_000)],
    ['too long', ' '.repeat(2_100_000)],
    ['merges of merges', `a: &a {x: 1}\n${'bcdefghij'.split('').map((now, at) => `${now}: &${now} {<<: [${Array(10).fill(`*${'abcdefghi'[at]}`).join(', ')}]}`).join('\n')}`],
  ])('%s do not hang it', async (_name, text) => {
    const file = join(directory, 'config.yml')
    writeFileSync(file, text)
    const before = performance.now()
    const loaded = await loadConfig(file, {})
    expect(loaded.ok).toBe(false)
    expect(renderProblems(loaded, { color: true }).length).toBeGreaterThan(0)
    expect(performance.now() - before).toBeLessThan(5000)
  })
})
