import { execFileSync } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { makeFolder } from './store/folder.ts'

const root = fileURLToPath(new URL('..', import.meta.url))
const program = join(root, '.ci/results.mjs')

const one = (fullName: string, status: string, more: object = {}) => ({ fullName, status, failureMessages: [], meta: {}, ...more })
const file = (name: string, status: string, assertionResults: readonly object[], message = '') => ({ name: join(root, name), status, message, assertionResults })

/** What .ci/run asks, of reports as vitest writes them. */
const asked = async (...reports: readonly (readonly object[])[]) => {
  const folder = await makeFolder()
  const paths = reports.map((_, index) => join(folder, `${index}.json`))
  await Promise.all(reports.map((testResults, index) => writeFile(paths[index] ?? '', JSON.stringify({ testResults }))))
  const answer = (ask: string): string => execFileSync(process.execPath, [program, ask, ...paths, join(folder, 'none.json')], { cwd: root, encoding: 'utf8' })
  return { counts: ['passed', 'failed', 'skipped'].map((ask) => Number(answer(ask))), files: answer('failed-files').trim(), failures: answer('failures') }
}

const fine = file('test/a.test.ts', 'passed', [one('a', 'passed'), one('b', 'skipped', { meta: { lacks: 'comments' } })])
const hooked = file('test/b.test.ts', 'failed', [one('c', 'skipped'), one('d', 'passed'), one('e', 'skipped', { meta: { lacks: 'comments' } })])
const whole = file('test/b.test.ts', 'passed', [one('c', 'passed'), one('d', 'passed')])

test('tests that a failing hook kept from running have failed, and were not skipped', async () => {
  expect(await asked([fine, hooked])).toEqual({ counts: [2, 1, 0], files: 'test/b.test.ts', failures: '  test/b.test.ts\n    a hook of it failed: see what its phase has said\n' })
})

test('what ran once more counts as it went then, and a test that was skipped counts as that', async () => {
  expect(await asked([fine, hooked], [whole])).toEqual({ counts: [3, 0, 0], files: '', failures: '' })
  expect(await asked([file('test/c.test.ts', 'passed', [one('f', 'skipped')])])).toEqual({ counts: [0, 0, 1], files: '', failures: '' })
})

test('a failure is told with the beginning of its message, a file that cannot be run with its own', async () => {
  const failures = [file('test/d.test.ts', 'failed', [one('g', 'failed', { failureMessages: ['Error: no\n  there'] })]), file('test/e.test.ts', 'failed', [], 'Cannot find module')]
  expect(await asked(failures)).toEqual({ counts: [0, 1, 0], files: 'test/d.test.ts\ntest/e.test.ts', failures: '  test/d.test.ts > g\n    Error: no\n      there\n  test/e.test.ts\n    Cannot find module\n' })
})
