import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chown, mkdir, readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { describe, expect, it, onTestFinished } from 'vitest'
import { readOwnIdentity } from '../../src/store/process-identity.ts'
import { acquireLock, type LockHolder, type LockOutcome } from '../../src/store/lock.ts'
import { busyText, lostText } from '../../src/store/lock-text.ts'
import { stateError } from '../../src/store/state-error.ts'
import { makeFolder } from './folder.ts'

const isRoot = process.getuid?.() === 0

const script = fileURLToPath(new URL('lock-process.mjs', import.meta.url))

type Said = { readonly kind: 'held' } | { readonly kind: 'busy'; readonly holder: LockHolder }

interface Taker {
  readonly child: ChildProcess
  readonly said: Said
  kill(signal: NodeJS.Signals): Promise<void>
}

/** Starts a process that tries to take the lock; resolves once it knows. */
const take = async (dir: string, command = 'other'): Promise<Taker> => {
  const child = spawn(process.execPath, [script, dir, command], { stdio: ['pipe', 'pipe', 'pipe'] })
  const exited = once(child, 'exit')
  onTestFinished(async () => {
    if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL')
    await exited
  })
  let errors = ''
  child.stderr.on('data', (chunk) => (errors += String(chunk)))
  const [line] = (await Promise.race([once(createInterface(child.stdout), 'line'), once(child, 'close').then(() => [undefined])])) as [string | undefined]
  if (line === undefined) throw new Error(`the process said nothing: ${errors}`)
  return {
    child,
    said: JSON.parse(line) as Said,
    kill: async (signal) => {
      child.kill(signal)
      if (signal === 'SIGKILL') await exited
    },
  }
}

const takeHere = async (dir: string): Promise<LockOutcome> => {
  const outcome = await acquireLock(dir, { command: 'test' })
  if (outcome.kind === 'held') onTestFinished(() => outcome.release())
  return outcome
}

/** A lock left behind, as if by another holder. */
const leave = async (dir: string, record: object, ageMs: number): Promise<void> => {
  await mkdir(join(dir, 'lock'), { recursive: true })
  const file = join(dir, 'lock', 'holder.json')
  const base = { version: 1, nonce: 'left-behind', command: 'serve', since: '2026-01-01T00:00:00.000Z', hasSocket: false }
  await writeFile(file, JSON.stringify({ ...base, ...record }))
  await utimes(file, new Date(Date.now() - ageMs), new Date(Date.now() - ageMs))
}

describe('the lock of a state directory', () => {
  it('is held once, names its holder, and is free after its release', async () => {
    const dir = await makeFolder()
    const first = await acquireLock(dir, { command: 'serve' })
    const second = await takeHere(dir)
    expect(first.kind).toBe('held')
    expect(second).toEqual({ kind: 'busy', holder: { pid: process.pid, command: 'serve', since: expect.stringMatching(/^\d{4}-.*Z$/), host: hostname() } })
    if (first.kind === 'held') await first.release()
    expect(await readdir(join(dir, 'lock'))).toEqual([])
    expect((await takeHere(dir)).kind).toBe('held')
  })

  it('goes to exactly one of 20 processes at once, over a stale lock too', async () => {
    const dir = await makeFolder()
    const killed = await take(dir)
    await killed.kill('SIGKILL')
    const takers = await Promise.all(Array.from({ length: 20 }, (_, at) => take(dir, `taker ${at}`)))
    const holders = takers.filter((taker) => taker.said.kind === 'held')
    expect(holders.map((taker) => taker.said)).toEqual([{ kind: 'held' }])
    const named = new Set(takers.flatMap((taker) => (taker.said.kind === 'busy' ? [taker.said.holder.pid] : [])))
    expect([...named].filter((pid) => pid !== holders[0]?.child.pid && pid !== killed.child.pid)).toEqual([])
  })

  it('goes to exactly one of 40 takers in one process, again and again, while each last holder vanishes', async () => {
    const dir = await makeFolder()
    for (let round = 0; round < 8; round += 1) {
      await leave(dir, { nonce: `gone-${round}`, ...(await readOwnIdentity()), startTicks: 1 }, 0)
      const outcomes = await Promise.all(Array.from({ length: 40 }, () => acquireLock(dir, { command: 'test' })))
      const held = outcomes.flatMap((outcome) => (outcome.kind === 'held' ? [outcome] : []))
      expect(held.length).toBe(1)
      await held[0]?.release()
    }
    expect(await readdir(join(dir, 'lock'))).toEqual([])
  })

  it('is taken at once when its holder was killed', async () => {
    const dir = await makeFolder()
    const holder = await take(dir)
    expect(holder.said).toEqual({ kind: 'held' })
    expect((await takeHere(dir)).kind).toBe('busy')
    await holder.kill('SIGKILL')
    const startedAt = performance.now()
    expect((await takeHere(dir)).kind).toBe('held')
    expect(performance.now() - startedAt).toBeLessThan(10_000)
    expect((await readdir(join(dir, 'lock'))).length).toBe(2)
  })

  it('stays with a holder that is stopped', async () => {
    const dir = await makeFolder()
    const holder = await take(dir, 'serve')
    await holder.kill('SIGSTOP')
    expect(await takeHere(dir)).toMatchObject({ kind: 'busy', holder: { pid: holder.child.pid, command: 'serve' } })
    await holder.kill('SIGCONT')
  })

  it('works in a directory whose path is too long for a socket', async () => {
    const dir = join(await makeFolder(), 'x'.repeat(120))
    const holder = await take(dir)
    expect(JSON.parse(await readFile(join(dir, 'lock', 'holder.json'), 'utf8'))).toMatchObject({ hasSocket: true })
    expect((await takeHere(dir)).kind).toBe('busy')
    await holder.kill('SIGKILL')
    expect((await takeHere(dir)).kind).toBe('held')
  })

  it('says that it is lost when somebody else has it', async () => {
    const dir = await makeFolder()
    const outcome = await takeHere(dir)
    if (outcome.kind !== 'held') throw new Error('not held')
    await leave(dir, { pid: 1, host: 'elsewhere' }, 0)
    await once(outcome.lost, 'abort')
    await outcome.release()
    expect(await readFile(join(dir, 'lock', 'holder.json'), 'utf8')).toContain('elsewhere')
  })
})

describe('a lock that was left behind', async () => {
  const own = await readOwnIdentity()
  const elsewhere = { ...own, host: 'elsewhere', bootId: 'another', machineId: 'another' }

  it.each([
    ['our number, but another process has it now', { ...own, startTicks: 1 }, 0, 'held'],
    ['this very process', own, 0, 'busy'],
    ['this very process, long silent', own, 3_600_000, 'busy'],
    ['an earlier boot of this machine', { ...own, machineId: own.machineId, bootId: 'earlier' }, 0, own.machineId === undefined ? 'busy' : 'held'],
    ['another machine, heard of just now', elsewhere, 10_000, 'busy'],
    ['another machine, long silent', elsewhere, 40_000, 'held'],
    ['another container of this machine, without a socket, heard of just now', { ...own, pidNamespace: 'pid:[1]' }, 10_000, 'busy'],
    ['another container of this machine, without a socket, long silent', { ...own, pidNamespace: 'pid:[1]' }, 40_000, 'held'],
    ['another container of this machine, whose socket is gone', { ...own, pidNamespace: 'pid:[1]', hasSocket: true }, 0, 'held'],
    ['nobody knows whom, half written just now', { nonce: 7 }, 0, 'busy'],
    ['nobody knows whom, half written long ago', { nonce: 7 }, 40_000, 'held'],
  ] as const)('by %s', async (_, record, ageMs, expected) => {
    const dir = await makeFolder()
    await leave(dir, record, ageMs)
    expect((await takeHere(dir)).kind).toBe(expected)
  })

  it('passes on when who was taking over is gone too', async () => {
    const dir = await makeFolder()
    const gone = { ...own, startTicks: 1 }
    await leave(dir, gone, 0)
    const record = await readFile(join(dir, 'lock', 'holder.json'), 'utf8')
    await writeFile(join(dir, 'lock', 'after-left-behind.json'), record.replace('left-behind', 'successor'))
    await writeFile(join(dir, 'lock', 'after-successor.json'), record.replace('left-behind', 'second-successor'))
    const outcomes = await Promise.all(Array.from({ length: 10 }, () => takeHere(dir)))
    expect(outcomes.filter((outcome) => outcome.kind === 'held').length).toBe(1)
    expect((await readdir(join(dir, 'lock'))).filter((name) => name.startsWith('after-'))).toEqual([])
  })
})

describe('the release of a lock', () => {
  it('never rejects, and logs what went wrong', async () => {
    const dir = await makeFolder()
    const logged: string[] = []
    const outcome = await acquireLock(dir, { command: 'test', log: (_, message) => void logged.push(message) })
    if (outcome.kind !== 'held') throw new Error('not held')
    const file = join(dir, 'lock', 'holder.json')
    await rm(file)
    await mkdir(file)
    await outcome.release()
    expect(logged).toEqual([expect.stringMatching(/^cannot release the lock of the state directory \(EISDIR.*\); it is free once this process has ended$/)])
  })

  it.skipIf(!isRoot)(`leaves nothing of root's that the directory's owner could not read${isRoot ? '' : ' [skipped: only root can give files away; run the tests as root]'}`, async () => {
    const dir = await makeFolder()
    await chown(dir, 12_345, 12_346)
    await takeHere(dir)
    const names = ['.', ...(await readdir(join(dir, 'lock')))]
    const owners = await Promise.all(names.map(async (name) => (await stat(join(dir, 'lock', name))).uid))
    expect([names.length, new Set(owners)]).toEqual([3, new Set([12_345])])
  })
})

describe('what is said of a lock', () => {
  const holder: LockHolder = { pid: 7, command: 'dns-failover serve', since: '2026-01-01T00:00:00.000Z', host: 'here' }

  it('names who has it', () => {
    expect(busyText(holder, '/state', 'wait')).toBe('the state directory /state is in use by dns-failover serve (process 7 on here, since 2026-01-01T00:00:00.000Z); wait')
    expect(lostText(holder, '/state')).toContain('was lost to dns-failover serve (process 7 on here, since 2026-01-01T00:00:00.000Z)')
    expect(lostText(new DOMException('aborted'), '/state')).toContain('was lost: its file is gone')
  })

  it('says of a damaged one that it clears itself', async () => {
    const dir = await makeFolder()
    await mkdir(join(dir, 'lock'))
    await writeFile(join(dir, 'lock', 'holder.json'), 'damaged')
    const outcome = await takeHere(dir)
    if (outcome.kind !== 'busy') throw new Error('not busy')
    expect(busyText(outcome.holder, dir, 'Wait')).toBe(
      `the lock of the state directory ${dir} is damaged, so nobody knows who has it; unless somebody has, it clears itself 30 s after it was written. Wait`,
    )
  })
})

describe('a state directory that cannot be locked', () => {
  it('is a file', async () => {
    const file = join(await makeFolder(), 'state')
    await writeFile(file, '')
    await expect(acquireLock(file, { command: 'test' })).rejects.toMatchObject({
      name: 'StateError',
      code: 'not-a-directory',
      message: `cannot lock the state directory in ${file}: a part of the path is a file; set "state" to a directory (ENOTDIR)`,
    })
  })

  it.each([
    ['EROFS', 'read-only', 'the file system is mounted read-only; mount it writable, or set "state" to a directory that is'],
    ['ENOSPC', 'full', 'no space is left on the file system; free some'],
    ['EACCES', 'denied', 'this user may not; the directory, and what is in it, must belong to the user that runs this program'],
  ])('says what %s means', (errno, code, advice) => {
    const error = stateError('save the state of a.example', '/state', Object.assign(new Error('system'), { code: errno }))
    expect({ code: error.code, message: error.message }).toEqual({ code, message: `cannot save the state of a.example in /state: ${advice} (${errno})` })
  })
})
