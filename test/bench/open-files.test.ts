import { expect, test } from 'vitest'
import { openFilesAllowed, tooFewFiles } from './open-files.ts'

test('reads what a process may open', () => {
  const limits = (soft: string): string => `Limit                     Soft Limit           Hard Limit           Units\nMax cpu time              unlimited            unlimited            seconds\nMax open files            ${soft}                 20000                files\n`
  expect([openFilesAllowed(limits('4092')), openFilesAllowed(limits('unlimited')), openFilesAllowed('')]).toEqual([4092, Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY])
})

test('says what is too much, and what to do', () => {
  expect([tooFewFiles(1000, 4092), tooFewFiles(5000, 20_000)]).toEqual([undefined, undefined])
  expect(tooFewFiles(5000, 4092)).toBe('5000 targets were left out: a process may open 4092 files here, and this takes 10500. Run it as root, which may raise that, or raise it before: ulimit -n 10500')
})
