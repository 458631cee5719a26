import { readdir, rename, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { claimFile, type Contender, holderFile, placeFile } from './lock-contender.ts'
import { isGone, socketName } from './lock-liveness.ts'
import { type LockRecord, readRecord } from './lock-record.ts'

/**
 * Takes over from a holder that is gone. Only who holds the claim `after-<its nonce>` may replace its record, and a
 * claim is exclusive; if its owner is gone too, the right passes to who claims after that one, and so on. A claim that
 * was made too late, after somebody else replaced the record, finds another nonce there and is given up.
 */
export const succeed = async (me: Contender, gone: LockRecord): Promise<boolean> => {
  const claims: string[] = []
  const dead: LockRecord[] = [gone]
  for (let last = gone; ; ) {
    const claim = claimFile(me.dir, last.nonce)
    claims.push(claim)
    if (await placeFile(me.file, claim)) break
    const claimant = await readRecord(claim)
    if (claimant === undefined || !(await isGone(me.dir, claimant, me.own, me.fileSystemNow))) return false
    last = claimant.record
    dead.push(last)
  }
  const now = await readRecord(holderFile(me.dir))
  if (now?.record.nonce !== gone.nonce) {
    await rm(claims.at(-1) ?? '', { force: true })
    return false
  }
  await rename(me.file, holderFile(me.dir))
  for (const file of [...claims, ...dead.map((record) => join(me.dir, socketName(record)))]) await rm(file, { force: true })
  return true
}

/** What processes that were killed have left behind; only for who holds the lock, since no claim counts then. */
export const tidy = async (me: Contender): Promise<void> => {
  const names = await readdir(me.dir)
  for (const name of names) if (name.startsWith('after-')) await rm(join(me.dir, name), { force: true })
  const nonces = names.flatMap((name) => /^(?<nonce>[\w-]{36})\.(?:json|sock)$/.exec(name)?.groups?.['nonce'] ?? [])
  for (const nonce of new Set(nonces)) {
    if (nonce === me.record.nonce) continue
    const file = join(me.dir, `${nonce}.json`)
    const found = await readRecord(file)
    if (found !== undefined && !(await isGone(me.dir, found, me.own, me.fileSystemNow))) continue
    // A socket without a record is that of somebody who is just arriving, unless it is old.
    const socket = join(me.dir, socketName({ nonce }))
    const madeAt = found === undefined ? await stat(socket).then((facts) => facts.mtimeMs, () => Infinity) : 0
    if (me.fileSystemNow - madeAt < 60_000) continue
    await rm(socket, { force: true })
    await rm(file, { force: true })
  }
}
