import { execFileSync } from 'node:child_process'
import { mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { serverMissing, titled } from './servers/available.ts'
import { ams, msk, type ServeBench, startServeBench } from './serve-bench.ts'

/** File systems of the test's own, seen by nobody else and gone with the process. */
const namespace: readonly string[] = process.getuid?.() === 0 ? ['unshare', '--mount'] : ['unshare', '--user', '--map-root-user', '--mount']

const mountMissing = (): string | undefined => {
  try {
    execFileSync('unshare', [...namespace.slice(1), 'mount', '-t', 'tmpfs', 'none', '/mnt'], { stdio: 'ignore' })
    return undefined
  } catch {
    return 'no file systems can be mounted here; run the tests as root, or where users may have namespaces'
  }
}

const missing = serverMissing('named', 'dig', 'nsupdate') ?? mountMissing()

/** The program with a small file system at a directory, made ready by a line of shell; `exec` keeps the process number. */
const mounted =
  (dir: string, prepare: string) =>
  (command: readonly string[]): readonly string[] => [...namespace, 'sh', '-c', `mount -t tmpfs -o size=64k none "$0" && ${prepare} && exec "$@"`, dir, ...command]

describe.skipIf(missing !== undefined)(titled('dns-failover serve on a state directory that takes nothing', missing), () => {
  let bench: ServeBench
  let dir = ''
  beforeAll(async () => {
    bench = await startServeBench()
  })
  afterAll(async () => {
    await bench.close()
  })
  beforeEach(async () => {
    await bench.reset()
    dir = join(bench.folder, 'mounted')
    await rm(dir, { recursive: true, force: true })
    await mkdir(dir)
  })

  it('that is read-only: says so loudly, fails over all the same, answers for its health, and keeps a second one out', async () => {
    await bench.write({ state: dir })
    const service = bench.start(mounted(dir, `mount -o remount,ro "$0"`))
    await bench.untilPublished([msk, ams])
    expect(service.lines().find(({ event }) => event === 'state-unusable')).toMatchObject({ level: 'error', cause: 'read-only' })
    expect(service.lines().filter(({ event }) => event === 'state-not-saved')).toHaveLength(1)
    bench.regions.set(ams, 'fail')
    await service.until((lines) => lines.some(({ event, removed }) => event === 'written' && String(removed) === ams))
    expect(await bench.published()).toEqual([msk])
    // The others see the directory as the service does, from inside its file systems.
    const inside = (command: readonly string[]): readonly string[] => ['nsenter', '--target', String(service.child.pid), ...(process.getuid?.() === 0 ? [] : ['--user', '--preserve-credentials']), '--mount', ...command]
    const second = bench.start(inside)
    expect((await second.ended).code).toBe(3)
    expect(await bench.health(inside)).toMatchObject({ code: 0 })
    service.signal('SIGTERM')
    expect(await service.ended).toEqual({ code: 0, signal: null })
  })

  it('that fills up while it runs: says so once, fails over all the same, and says when there is room again', { timeout: 60_000 }, async () => {
    await bench.write({ state: dir })
    const service = bench.start(mounted(dir, 'true'))
    await bench.untilPublished([msk, ams])
    const filler = `/proc/${service.child.pid}/root${dir}/filler`
    await writeFile(filler, Buffer.alloc(1_000_000)).catch(() => undefined)
    bench.regions.set(ams, 'fail')
    await service.until((lines) => lines.some(({ event, removed }) => event === 'written' && String(removed) === ams))
    expect(await bench.published()).toEqual([msk])
    await service.until((lines) => lines.some(({ event }) => event === 'state-not-saved'))
    expect(service.lines().find(({ event }) => event === 'state-not-saved')?.message).toContain('no space is left on the file system; free some')
    bench.regions.set(ams, 'serve')
    await bench.untilPublished([msk, ams])
    await rm(filler)
    await service.until((lines) => lines.some(({ event }) => event === 'state-saved'))
    expect(service.lines().filter(({ event }) => event === 'state-not-saved')).toHaveLength(1)
    service.signal('SIGTERM')
    expect(await service.ended).toEqual({ code: 0, signal: null })
  })

  it('that is full from the start: goes on without it', async () => {
    await bench.write({ state: dir })
    const service = bench.start(mounted(dir, `{ head -c 1000000 /dev/zero > "$0/filler" || true; } 2>/dev/null`))
    await bench.untilPublished([msk, ams])
    expect(service.lines().find(({ event }) => event === 'state-unusable')).toMatchObject({ level: 'error', cause: 'full' })
    service.signal('SIGTERM')
    expect(await service.ended).toEqual({ code: 0, signal: null })
  })

  it('whose state is damaged: sets it aside, names it, and changes nothing', async () => {
    await bench.write()
    const first = bench.start()
    await bench.untilPublished([msk, ams])
    first.signal('SIGTERM')
    await first.ended
    const serial = await bench.server.serial()
    const file = join(bench.stateDir, 'sites', 'failover.serve.example.json')
    await writeFile(file, '{"version":1,')
    const service = bench.start()
    await service.until((lines) => lines.filter(({ event, to }) => event === 'health' && to === 'up').length === 2)
    const warnings = service.lines().filter(({ level }) => level === 'warn').map(({ message }) => message)
    expect(warnings).toContainEqual(expect.stringContaining(`${file} cannot be used`))
    service.signal('SIGTERM')
    await service.ended
    expect(await bench.server.serial()).toBe(serial)
  })

  it('that is lost: changes nothing', async () => {
    await bench.write()
    const first = bench.start()
    await bench.untilPublished([msk, ams])
    first.signal('SIGKILL')
    await first.ended
    const serial = await bench.server.serial()
    await rm(bench.stateDir, { recursive: true })
    const service = bench.start()
    await service.until((lines) => lines.filter(({ event, to }) => event === 'health' && to === 'up').length === 2)
    service.signal('SIGTERM')
    await service.ended
    expect(await bench.server.serial()).toBe(serial)
  })
})
