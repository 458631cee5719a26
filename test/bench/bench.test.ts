import { execFileSync, spawnSync } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

const program = fileURLToPath(new URL('bench.mjs', import.meta.url))
const bench = (...args: readonly string[]) => spawnSync(process.execPath, [program, ...args], { encoding: 'utf8' })

test.each([
  [['witdraw'], 'There is no part witdraw.'],
  [['--runs', '0'], '--runs takes a number from 1 to 9999, not 0.'],
  [['--runs=ten'], '--runs takes a number from 1 to 9999, not ten.'],
])('%j is refused, with what there is', (args, problem) => {
  const { status, stdout, stderr } = bench(...args)
  expect({ status, stdout, first: stderr.split('\n')[0] }).toEqual({ status: 64, stdout: '', first: problem })
  expect(stderr).toContain('npm run bench -- [PART...]')
})

test('an option that it does not have is refused', () => {
  expect(bench('--jsn').status).toBe(64)
})

test('each part is a file, and each file a part', () => {
  const help = execFileSync(process.execPath, [program, '--help'], { encoding: 'utf8' })
  const parts = [...help.matchAll(/^ {2}(?<name>[a-z]+) {2,}/gm)].map(({ groups }) => groups?.['name'])
  const files = readdirSync(new URL('.', import.meta.url)).flatMap((name) => (name.endsWith('.bench.ts') ? [name.replace('.bench.ts', '')] : []))
  expect(parts.toSorted()).toEqual(files.toSorted())
})
