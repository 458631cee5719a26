import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { basename } from 'node:path'
import { describe, expect, it } from 'vitest'
import { loadConfig } from '../../src/config/load-config.ts'
import { renderProblems } from '../../src/config/render-problems.ts'
import { corpusEnv, corpusFiles, secretTexts } from './corpus.ts'

describe('every invalid config says exactly what is wrong', () => {
  const files = corpusFiles('invalid')

  it('has a corpus', () => {
    expect(files.length).toBeGreaterThan(40)
  })

  it.each(files.map((file) => [basename(file, '.yml'), file] as const))('%s', async (name, file) => {
    const loaded = await loadConfig(file, corpusEnv)
    const text = renderProblems(loaded, { color: false }).replaceAll(file, `${name}.yml`)
    const golden = file.replace(/\.yml$/, '.txt')
    // For people who changed a message on purpose; what was written then still shows in the diff.
    if (process.env['UPDATE_GOLDEN'] === '1') writeFileSync(golden, text)
    expect(text).toBe(existsSync(golden) ? readFileSync(golden, 'utf8') : 'no golden file yet')
    expect(loaded.ok).toBe(false)
    for (const secret of secretTexts) expect(JSON.stringify(loaded) + text).not.toContain(secret)
  })
})
