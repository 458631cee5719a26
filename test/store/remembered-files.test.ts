import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { createRememberedFiles } from '../../src/store/remembered-files.ts'
import { makeFolder } from './folder.ts'

const makeBench = async () => {
  const dir = join(await makeFolder(), 'orders')
  const reads: string[] = []
  let now = 0
  const read = async (key: string): Promise<string> => {
    reads.push(key)
    return readFile(join(dir, `${key}.json`), 'utf8').catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return 'nothing'
      throw error
    })
  }
  const files = createRememberedFiles({ dir, now: () => now, fileOf: (key) => `${key}.json`, read })
  return {
    dir,
    files,
    /** So many milliseconds later: what it says, and how often it read. */
    later: async (ms: number, key = 'a'): Promise<readonly [string, number]> => {
      now += ms
      reads.length = 0
      return [await files.get(key), reads.length]
    },
    put: async (text: string, key = 'a'): Promise<void> => {
      await mkdir(dir, { recursive: true })
      await writeFile(join(dir, 'draft'), text)
      await rename(join(dir, 'draft'), join(dir, `${key}.json`))
    },
  }
}

it('reads again while a change might not show, and then no more', async () => {
  const { later, put } = await makeBench()
  await put('one')
  expect([await later(0), await later(1000), await later(1000), await later(1000), await later(1000)]).toEqual([['one', 1], ['one', 1], ['one', 1], ['one', 0], ['one', 0]])
})

it('sees within a quarter of a second that a file was replaced, and leaves the others', async () => {
  const { later, put } = await makeBench()
  await put('one')
  await put('other', 'b')
  for (const ms of [0, 2000, 1000]) await Promise.all([later(ms), later(0, 'b')])
  expect([await later(0), await later(0, 'b')]).toEqual([['one', 0], ['other', 0]])
  await put('two')
  expect([await later(100), await later(150), await later(0, 'b')]).toEqual([['one', 0], ['two', 1], ['other', 0]])
})

it('finds a file that comes, though the directory was not there, and one that goes', async () => {
  const { dir, later, put } = await makeBench()
  expect([await later(0), await later(250), await later(2000), await later(7000)]).toEqual([['nothing', 1], ['nothing', 0], ['nothing', 0], ['nothing', 0]])
  await put('one')
  expect(await later(250)).toEqual(['one', 1])
  expect([await later(2000), await later(1000)]).toEqual([['one', 1], ['one', 0]])
  await rm(join(dir, 'a.json'))
  expect(await later(250)).toEqual(['nothing', 1])
  await rm(dir, { recursive: true })
  expect(await later(250)).toEqual(['nothing', 1])
})

it('sees within ten seconds that a file was edited in place', async () => {
  const { dir, later, put } = await makeBench()
  await put('one')
  for (const ms of [0, 2000, 1000]) await later(ms)
  await writeFile(join(dir, 'a.json'), 'two')
  expect([await later(8000), await later(1000)]).toEqual([['one', 0], ['two', 1]])
})

it('looks again at once at what this process has changed', async () => {
  const { files, later, put } = await makeBench()
  await put('one')
  for (const ms of [0, 2000, 1000]) await later(ms)
  await put('two')
  files.forget('a')
  expect(await later(0)).toEqual(['two', 1])
})

it('remembers no failure, but what it read before', async () => {
  const { dir, files, later, put } = await makeBench()
  await put('one')
  await later(0)
  await rm(join(dir, 'a.json'))
  await mkdir(join(dir, 'a.json'))
  await expect(later(1000)).rejects.toMatchObject({ code: 'EISDIR' })
  await expect(later(10_000)).rejects.toMatchObject({ code: 'EISDIR' })
  expect(files.last('a')).toBe('one')
  await rm(join(dir, 'a.json'), { recursive: true })
  expect(await later(1000)).toEqual(['nothing', 1])
})
