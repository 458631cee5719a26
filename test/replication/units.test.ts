import { execFile, spawnSync } from 'node:child_process'
import { chmod, cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, it, onTestFinished } from 'vitest'
import type { Replication } from '../../src/core/replication.ts'
import { renderReplication } from '../../src/replication/render.ts'
import { replication } from '../core/replication-sample.ts'
import { titled } from '../system/servers/available.ts'

const run = promisify(execFile)
const missing = spawnSync('systemd-analyze', ['--version']).status === 0 ? undefined : 'systemd-analyze not installed; on Debian: npm run test:deps'

const prefix = 'dns-failover-replication'
const receiving = [`${prefix}-pull.service`]
const sending = [...receiving, `${prefix}-heartbeat.service`, `${prefix}.service`].toSorted()

const star = { mode: 'two-way', topology: 'star', writer: 'msk', hub: 'msk' } as const
const parts: readonly (readonly [part: string, region: string, changes: Partial<Replication>, units: readonly string[]])[] = [
  ['the one writer', 'msk', {}, sending],
  ['a receiver', 'ams', {}, receiving],
  ['one of a mesh', 'fra', { mode: 'two-way' }, sending],
  ['a hub', 'msk', star, sending],
  ["a hub's spoke", 'fra', star, sending],
]
const roots = ['/var/www/html', `/srv/it's 100% "one" $x \`id\` [a]* ; rm; --`]

/** A system's root with what is rendered in its place, as it is, and what it needs of Debian: systemd's own units, and a program named lsyncd. */
const systemWith = async (region: string, changes: Partial<Replication>): Promise<{ readonly folder: string; readonly units: readonly string[] }> => {
  const folder = await mkdtemp(join(tmpdir(), 'units-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  const place = async (path: string, text: string, mode: number): Promise<void> => {
    await mkdir(dirname(join(folder, path)), { recursive: true })
    await writeFile(join(folder, path), text)
    await chmod(join(folder, path), mode)
  }
  await cp('/lib/systemd/system', join(folder, 'lib/systemd/system'), { recursive: true, verbatimSymlinks: true })
  await place('usr/bin/lsyncd', '#!/bin/sh\n', 0o755)
  const { files } = renderReplication('failover.example.com', region, replication(changes))
  for (const { path, text, mode } of files) await place(path, text, mode)
  return { folder, units: files.filter(({ path }) => path.includes('/systemd/system/')).map(({ path }) => path.slice(path.lastIndexOf('/') + 1)).toSorted() }
}

const verify = async (folder: string, units: readonly string[]): Promise<string> => {
  const { stdout, stderr } = await run('systemd-analyze', ['verify', '--man=no', `--root=${folder}`, ...units.map((unit) => join(folder, 'etc/systemd/system', unit))]).catch((error: { readonly stdout: string; readonly stderr: string }) => error)
  return `${stdout}${stderr}`
}

describe.skipIf(missing !== undefined)(titled('systemd-analyze verify, of units as rendered', missing), () => {
  it.each(parts.flatMap(([part, ...rest]) => roots.map((root) => [part, root, ...rest] as const)))('finds nothing wrong with those of %s, document root %s', async (_, root, region, changes, wanted) => {
    const { folder, units } = await systemWith(region, { root, ...changes })
    expect(units).toEqual(wanted)
    expect(await verify(folder, units)).toBe('')
  })

  it('would find a program that is not there, and a directive that does not exist', async () => {
    const { folder, units } = await systemWith('ams', {})
    await rm(join(folder, 'usr/local/lib/dns-failover-replication/pull'))
    await writeFile(join(folder, 'etc/systemd/system/other.service'), '[Service]\nExecStart=/usr/bin/lsyncd\nRestrat=always\n')
    const said = await verify(folder, [...units, 'other.service'])
    expect(said).toContain('pull is not executable')
    expect(said).toContain('Restrat')
  })
})
