import { mkdtemp, rm, symlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { build } from 'rolldown'

const root = new URL('../../', import.meta.url)

/**
 * What Node can run: threads and processes get no TypeScript. The worker as the build makes it, in one file, where it finds
 * the packages; and with it whatever else a test runs outside itself.
 */
export const bundle = async (...sources: readonly string[]): Promise<{ readonly urls: readonly URL[]; remove(): Promise<void> }> => {
  const folder = await mkdtemp(join(tmpdir(), 'dns-failover-history-'))
  await symlink(fileURLToPath(new URL('node_modules', root)), join(folder, 'node_modules'))
  const urls: URL[] = []
  for (const source of sources) {
    const file = join(folder, source.replaceAll('/', '-').replace(/\.ts$/, '.mjs'))
    // One after the other: two cores are all there may be.
    // oxlint-disable-next-line no-await-in-loop
    await build({ input: fileURLToPath(new URL(source, root)), platform: 'node', external: ['libsql'], output: { file, format: 'esm' }, logLevel: 'warn' })
    urls.push(pathToFileURL(file))
  }
  return { urls, remove: () => rm(folder, { recursive: true, force: true }) }
}
