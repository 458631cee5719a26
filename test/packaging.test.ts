import { execFile } from 'node:child_process'
import { mkdtemp, mkdir, readFile, rm, symlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, it } from 'vitest'

const run = promisify(execFile)
const root = fileURLToPath(new URL('..', import.meta.url))
const manifest = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as {
  readonly version: string
  readonly bin: Readonly<Record<string, string>>
  readonly dependencies: Readonly<Record<string, string>>
}

let folder: string
let files: readonly string[]

/** The package as `npm pack` makes it of what `npm run build` left, unpacked beside our own dependencies: nothing is fetched. */
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'package-'))
  const args = ['pack', '--json', '--ignore-scripts', '--pack-destination', folder, '--cache', join(folder, 'cache'), '--offline']
  const { stdout } = await run('npm', args, { cwd: root })
  const [packed] = JSON.parse(stdout) as readonly [{ readonly filename: string; readonly files: readonly { readonly path: string }[] }]
  files = packed.files.map((file) => file.path)
  await mkdir(join(folder, 'installed'))
  await run('tar', ['-xzf', join(folder, packed.filename), '-C', join(folder, 'installed'), '--strip-components=1'])
  await symlink(join(root, 'node_modules'), join(folder, 'installed', 'node_modules'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

it('holds the built program and what people read, nothing else', () => {
  const kindOf = (path: string): string => (/^dist\/.+\.(?:js|d\.ts)$/.test(path) ? 'dist' : path)
  expect([...new Set(files.map(kindOf))].toSorted()).toEqual(['CHANGELOG.md', 'LICENSE', 'README.md', 'dist', 'package.json'])
})

it.each(Object.entries(manifest.bin))('%s starts from the package alone and answers', async (name, path) => {
  const program = join(folder, 'installed', path)
  expect((await readFile(program, 'utf8')).split('\n')[0]).toBe('#!/usr/bin/env node')
  const options = { cwd: folder, env: { PATH: process.env['PATH'], HOME: folder } }
  expect((await run(process.execPath, [program, '--version'], options)).stdout).toBe(`${manifest.version}\n`)
  expect((await run(process.execPath, [program, '--help'], options)).stdout).toMatch(new RegExp(`^Usage: ${name} `))
})

/** The packages that the built program imports. */
const importedBy = async (paths: readonly string[]): Promise<readonly string[]> => {
  const sources = await Promise.all(paths.map((path) => readFile(join(folder, 'installed', path), 'utf8')))
  const specifiers = sources.flatMap((source) => [...source.matchAll(/(?:^(?:import|export|\}).* from |\bimport\()'(?<name>[\w@][^']*)'/gm)].map((match) => match.groups?.['name'] ?? ''))
  const packages = specifiers.filter((name) => !name.startsWith('node:')).map((name) => name.split('/').slice(0, name.startsWith('@') ? 2 : 1).join('/'))
  return [...new Set(packages)].toSorted()
}

it('depends on exactly the packages that it imports', async () => {
  expect(await importedBy(files.filter((path) => path.endsWith('.js')))).toEqual(Object.keys(manifest.dependencies).toSorted())
})
