import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, it, onTestFinished } from 'vitest'
import { parse } from 'yaml'
import { loadConfig } from '../../src/config/load-config.ts'

const folder = fileURLToPath(new URL('../../docker', import.meta.url))
const text = (name: string): Promise<string> => readFile(join(folder, name), 'utf8')
const env = { TSIG_SECRET: Buffer.alloc(32, 1).toString('base64'), CLOUDFLARE_API_TOKEN: 'A'.repeat(40) }

const examples = (await readdir(join(folder, 'examples'))).map((name) => `examples/${name}`)

it.each([...examples, 'try/dns-failover.yaml'])('%s is a config without a fault', async (name) => {
  const place = await mkdtemp(join(tmpdir(), 'example-'))
  onTestFinished(() => rm(place, { recursive: true }))
  await writeFile(join(place, 'token'), env.CLOUDFLARE_API_TOKEN, { mode: 0o600 })
  await writeFile(join(place, 'config.yaml'), (await text(name)).replace('/run/secrets/cloudflare ', `${join(place, 'token')} `))
  const loaded = await loadConfig(join(place, 'config.yaml'), env)
  expect({ problems: loaded.ok ? [] : loaded.problems, warnings: loaded.warnings }).toEqual({ problems: [], warnings: [] })
})

it('pins the base, runs as a numbered user, and starts, checks and stops without a shell', async () => {
  const dockerfile = await text('Dockerfile')
  expect(/^ARG BASE=(?<base>.*)$/m.exec(dockerfile)?.groups?.['base']).toMatch(/^node:\d+\.\d+\.\d+-[a-z]+-slim$/)
  expect(dockerfile.match(/^FROM .*$/gm)).toEqual(['FROM ${BASE} AS build', 'FROM ${BASE}'])
  expect(dockerfile.match(/^(?:USER|VOLUME|STOPSIGNAL|ENTRYPOINT|CMD|[ ]+CMD) .*$/gm)).toEqual([
    'VOLUME /var/lib/dns-failover',
    'USER 1000:1000',
    'STOPSIGNAL SIGTERM',
    '  CMD ["dns-failover", "health", "--config", "/etc/dns-failover/dns-failover.yaml"]',
    'ENTRYPOINT ["dns-failover"]',
    'CMD ["serve", "--config", "/etc/dns-failover/dns-failover.yaml"]',
  ])
})

it.each(['compose.yaml', 'compose.service.yaml'])('%s confines the manager', async (name) => {
  const compose = parse(await text(name)) as { readonly services: { readonly manager: Readonly<Record<string, unknown>> } }
  const { manager } = compose.services
  expect({ readOnly: manager['read_only'], drop: manager['cap_drop'], security: manager['security_opt'], build: manager['build'] }).toEqual({
    readOnly: true,
    drop: ['ALL'],
    security: ['no-new-privileges:true'],
    build: { context: '..', dockerfile: 'docker/Dockerfile' },
  })
})

const hasVerify = spawnSync('systemd-analyze', ['--version']).status === 0

it.skipIf(!hasVerify)('the systemd unit is valid (skipped without systemd-analyze)', () => {
  const unit = join(folder, 'systemd', 'dns-failover.service')
  const { status, stderr } = spawnSync('systemd-analyze', ['verify', '--man=no', unit], { encoding: 'utf8' })
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
  const exposure = execFileSync('systemd-analyze', ['security', '--offline=yes', unit], { encoding: 'utf8' })
  expect(Number(/Overall exposure level .*: (?<level>[\d.]+)/.exec(exposure)?.groups?.['level'])).toBeLessThan(2)
})
