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
const env = { TSIG_SECRET: Buffer.alloc(32, 1).toString('base64') }

const examples = (await readdir(join(folder, 'examples'))).map((name) => `examples/${name}`)

it.each([...examples, 'try/dns-failover.yaml'])('%s is a config without a fault', async (name) => {
  const place = await mkdtemp(join(tmpdir(), 'example-'))
  onTestFinished(() => rm(place, { recursive: true }))
  const written = await text(name)
  for (const [, secret = ''] of written.matchAll(/\/run\/secrets\/([\w-]+)/g)) await writeFile(join(place, secret), secret.padEnd(40, 'A'), { mode: 0o600 })
  await writeFile(join(place, 'config.yaml'), written.replaceAll('/run/secrets/', `${place}/`))
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

interface Compose {
  readonly services: { readonly manager: { readonly ports: readonly string[]; readonly secrets?: readonly string[] } }
  readonly secrets?: Readonly<Record<string, unknown>>
}

it.each(['compose.yaml', 'compose.service.yaml'])('%s lets nobody but this machine reach a port, and hands out the secrets that it has', async (name) => {
  const { services, secrets = {} } = parse(await text(name)) as Compose
  expect(services.manager.ports.filter((port) => !port.startsWith('127.0.0.1:'))).toEqual([])
  expect(services.manager.ports.join()).toContain(':8453')
  expect(services.manager.secrets ?? []).toEqual(Object.keys(secrets))
})

const hasVerify = spawnSync('systemd-analyze', ['--version']).status === 0

it.skipIf(!hasVerify)('the systemd unit is valid (skipped without systemd-analyze)', () => {
  const unit = join(folder, 'systemd', 'dns-failover.service')
  const { status, stderr } = spawnSync('systemd-analyze', ['verify', '--man=no', unit], { encoding: 'utf8' })
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
  const exposure = execFileSync('systemd-analyze', ['security', '--offline=yes', unit], { encoding: 'utf8' })
  expect(Number(/Overall exposure level .*: (?<level>[\d.]+)/.exec(exposure)?.groups?.['level'])).toBeLessThan(2)
})
