import { execFile } from 'node:child_process'
import { cp, mkdtemp, mkdir, readFile, rm, symlink, writeFile } from 'node:fs/promises'
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
  readonly peerDependencies: Readonly<Record<string, string>>
}

let folder: string
let tarball: string
let files: readonly string[]

/** The package as `npm pack` makes it of what `npm run build` left, unpacked beside our own dependencies: nothing is fetched. */
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'package-'))
  const args = ['pack', '--json', '--ignore-scripts', '--pack-destination', folder, '--cache', join(folder, 'cache'), '--offline']
  const { stdout } = await run('npm', args, { cwd: root })
  const [packed] = JSON.parse(stdout) as readonly [{ readonly filename: string; readonly files: readonly { readonly path: string }[] }]
  files = packed.files.map((file) => file.path)
  tarball = join(folder, packed.filename)
  await mkdir(join(folder, 'installed'))
  await run('tar', ['-xzf', tarball, '-C', join(folder, 'installed'), '--strip-components=1'])
  await symlink(join(root, 'node_modules'), join(folder, 'installed', 'node_modules'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

const isPage = (path: string): boolean => path.startsWith('dist/dashboard/')

it('holds the built program and what people read, nothing else', () => {
  const kindOf = (path: string): string => (isPage(path) ? 'pages' : /^dist\/.+\.(?:js|d\.ts)$/.test(path) ? 'dist' : path)
  expect([...new Set(files.map(kindOf))].toSorted()).toEqual(['CHANGELOG.md', 'LICENSE', 'README.md', 'dist', 'package.json', 'pages'])
})

it('holds the dashboard, with each of its files compressed beforehand, and the licences of what it is made of', () => {
  const plain = files.filter((path) => isPage(path) && !/\.(?:br|gz)$/.test(path))
  expect(plain).toEqual(expect.arrayContaining(['index.html', 'status.html', 'favicon.svg', 'licenses.txt'].map((name) => `dist/dashboard/${name}`)))
  expect(plain.flatMap((path) => [`${path}.br`, `${path}.gz`]).filter((path) => !files.includes(path))).toEqual([])
})

it.each(Object.entries(manifest.bin))('%s starts from the package alone and answers', async (name, path) => {
  const program = join(folder, 'installed', path)
  expect((await readFile(program, 'utf8')).split('\n')[0]).toBe('#!/usr/bin/env node')
  const options = { cwd: folder, env: { PATH: process.env['PATH'], HOME: folder } }
  expect((await run(process.execPath, [program, '--version'], options)).stdout).toBe(`${manifest.version}\n`)
  expect((await run(process.execPath, [program, '--help'], options)).stdout).toMatch(new RegExp(`^Usage: ${name} `))
})

it('is what the linters of packages want', async () => {
  const tool = (name: string, ...args: string[]) => run(join(root, 'node_modules', '.bin', name), args, { cwd: folder, env: { ...process.env, NO_COLOR: '1' } })
  await tool('publint', 'run', '--strict', '--pack', 'false', 'installed')
  // CommonJS may `import()` it; Node before 12 is not of interest.
  await tool('attw', tarball, '--profile', 'esm-only')
})

/** Of a project whose provider takes the place of the one that the config names. */
const embeddedConfig = `
version: 1
providers: { mine: { type: embedded, listen: "127.0.0.1:1", zone: example.test } }
sites:
  failover.example.test:
    allowPrivate: true
    regions: { one: { addresses: [127.0.9.1] } }
    check: { url: "http://{site}:\${PORT}/", timeout: 2s, fall: 1, rise: 1, confirmSpan: 0s }
`

/** Takes the types away. */
const build = async (place: string, names: readonly string[]): Promise<void> => {
  const options = ['--module', 'nodenext', '--target', 'es2023', '--types', 'node', '--rewriteRelativeImportExtensions', '--skipLibCheck']
  await run(join(root, 'node_modules', '.bin', 'tsc'), [...options, ...names], { cwd: place })
}

/** Somebody else's project, in which the package is installed. */
const consumer = async (): Promise<string> => {
  const place = join(folder, 'consumer')
  await cp(fileURLToPath(new URL('packaging', import.meta.url)), place, { recursive: true })
  await mkdir(join(place, 'node_modules', '@types'), { recursive: true })
  await symlink(join(folder, 'installed'), join(place, 'node_modules', 'dns-failover'))
  for (const name of ['vitest', '@types/node']) await symlink(join(root, 'node_modules', name), join(place, 'node_modules', name))
  await writeFile(join(place, 'package.json'), '{ "type": "module" }')
  return place
}

it('serves a project that embeds the engine and brings a provider of its own: its entries, their types and the contract suite, nothing else', { timeout: 90_000 }, async () => {
  const place = await consumer()
  const evaluate = (text: string): Promise<{ readonly stdout: string }> => run(process.execPath, ['--input-type=module', '-e', text], { cwd: place })
  const typesOf = (entry: string, names: string): string => `import { ${names} } from '${entry}'; console.log([${names}].map((each) => typeof each).join())`
  expect((await evaluate(typesOf('dns-failover', 'compose, loadConfig, runOnce, runSite, acquireLock, defaultTiming'))).stdout).toBe('function,function,function,function,function,object\n')
  expect((await evaluate(typesOf('dns-failover/provider', 'ProviderError, parseFqdn'))).stdout).toBe('function,function\n')
  await expect(evaluate("await import('dns-failover/dist/compose.js')")).rejects.toThrow('ERR_PACKAGE_PATH_NOT_EXPORTED')

  await writeFile(join(place, 'dns-failover.yaml'), embeddedConfig)
  const strict = ['--strict', '--exactOptionalPropertyTypes', '--noUncheckedIndexedAccess', '--skipLibCheck', 'false', '--allowImportingTsExtensions']
  const sources = ['embed.ts', 'memory-provider.contract.ts']
  await run(join(root, 'node_modules', '.bin', 'tsc'), ['--noEmit', '--module', 'nodenext', '--target', 'es2023', '--types', 'node', ...strict, ...sources], { cwd: place })
  await build(place, ['embed.ts', 'memory-provider.ts'])
  expect((await run(process.execPath, ['embed.js'], { cwd: place })).stdout).toBe('failover.example.test A 127.0.9.1\n')

  await writeFile(join(place, 'vitest.config.js'), "export default { test: { include: ['*.contract.ts'] } }\n")
  const report = join(place, 'report.json')
  await run(join(root, 'node_modules', '.bin', 'vitest'), ['run', '--reporter=json', `--outputFile=${report}`], { cwd: place })
  const { numFailedTests, numPassedTests } = JSON.parse(await readFile(report, 'utf8')) as Readonly<Record<string, number>>
  expect(numFailedTests).toBe(0)
  expect(numPassedTests).toBeGreaterThan(20)
})

/** The packages that the built program imports. */
const importedBy = async (paths: readonly string[]): Promise<readonly string[]> => {
  const sources = await Promise.all(paths.map((path) => readFile(join(folder, 'installed', path), 'utf8')))
  const specifiers = sources.flatMap((source) => [...source.matchAll(/(?:^(?:import|export|\}).* from |\b(?:import|require)\()'(?<name>[\w@][^']*)'/gm)].map((match) => match.groups?.['name'] ?? ''))
  const packages = specifiers.filter((name) => !name.startsWith('node:')).map((name) => name.split('/').slice(0, name.startsWith('@') ? 2 : 1).join('/'))
  return [...new Set(packages)].toSorted()
}

it('depends on exactly the packages that it imports, of which vitest is only for the contract suite', async () => {
  expect(await importedBy(files.filter((path) => path.endsWith('.js') && !isPage(path)))).toEqual(Object.keys({ ...manifest.dependencies, ...manifest.peerDependencies }).toSorted())
})
