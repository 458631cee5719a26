import type { Fqdn } from '../../core/fqdn.ts'
import { markName } from '../../core/mark.ts'
import { type Change, keyText, type RRsetContent, sameContent } from '../../core/rrset.ts'
import { ProviderError } from '../provider-error.ts'
import { ask, encodeRequest } from './ask.ts'
import { markSetOf } from './mark-set.ts'
import { maxMessageBytes } from './message.ts'
import { rcode, rcodeText } from './numbers.ts'
import { type Peer, peerText } from './peer.ts'
import { readRRsets, requireInZone } from './read-rrsets.ts'
import { updateError } from './reply-error.ts'
import { type MarkedChange, updateRequest } from './update-request.ts'

/** Bytes of a message kept free for its TSIG record: two names of at most 255 bytes, a MAC, fixed fields. */
const tsigRoom = 640

const failedPrerequisite: readonly number[] = [rcode.NXDOMAIN, rcode.YXDOMAIN, rcode.YXRRSET, rcode.NXRRSET]

const contentText = (set: RRsetContent): string => {
  const values = set.values.length === 0 ? 'nothing' : `${set.values.join(' ')} (TTL ${set.ttl})`
  return `${values}, ours: ${set.owned.length === 0 ? 'none' : set.owned.join(' ')}`
}

const conflict = (peer: Peer, change: Change, now: RRsetContent): ProviderError =>
  new ProviderError(
    `did not update ${keyText(change.key)} at ${peerText(peer)}: somebody else changed it since it was read. Expected ${contentText(change.before)}; it holds ${contentText(now)}`,
    { code: 'conflict', outcome: 'unchanged' },
  )

const tooLarge = (peer: Peer, change: Change, why: string): ProviderError =>
  new ProviderError(`cannot update ${keyText(change.key)} at ${peerText(peer)}: ${why}`, { code: 'rejected', outcome: 'unchanged' })

/**
 * The changes that are still to be made, each with the mark that its `before` was read with. They come from a fresh
 * read where the caller has none, and after a prerequisite failed.
 * @throws ProviderError `conflict` if an RRset is neither `before` nor `after`.
 */
const refreshed = async (peer: Peer, changes: readonly Change[], signal: AbortSignal): Promise<readonly MarkedChange[]> => {
  const current = await readRRsets(peer, changes.map((change) => change.key), signal)
  return changes.flatMap((change, at) => {
    const now = current[at]
    const mark = now === undefined ? undefined : markSetOf(now)
    if (now === undefined || mark === undefined || sameContent(now, change.after)) return []
    if (!sameContent(now, change.before)) throw conflict(peer, change, now)
    return [{ change, mark }]
  })
}

const prepared = async (peer: Peer, changes: readonly Change[], signal: AbortSignal): Promise<readonly MarkedChange[]> => {
  const known = changes.flatMap((change) => {
    const mark = markSetOf(change.before)
    return mark === undefined ? [] : [{ change, mark }]
  })
  return known.length === changes.length ? known : refreshed(peer, changes, signal)
}

/** As few messages as hold them; all in one, except where they are too many for the 64 KiB of one message. */
const batches = (peer: Peer, changes: readonly MarkedChange[]): readonly (readonly MarkedChange[])[] => {
  if (encodeRequest(updateRequest(peer.zone, changes), 0).length <= maxMessageBytes - tsigRoom) return [changes]
  const [only] = changes
  if (only !== undefined && changes.length === 1) throw tooLarge(peer, only.change, 'the set does not fit into one DNS message of 64 KiB')
  const half = Math.ceil(changes.length / 2)
  return [...batches(peer, changes.slice(0, half)), ...batches(peer, changes.slice(half))]
}

/**
 * A lost reply is settled by reading once: where the zone holds all that was wanted, the write is done. Where it does
 * not, the outcome stays unknown, even if the zone still holds exactly what was there before: the update may be
 * waiting in a socket of a stopped server, or of something between, and be made later. Only the caller's next read
 * and its prerequisites can deal with that.
 */
const isSettled = async (peer: Peer, changes: readonly MarkedChange[], signal: AbortSignal): Promise<boolean> => {
  if (signal.aborted) return false
  const current = await readRRsets(peer, changes.map(({ change }) => change.key), signal).catch(() => [])
  return changes.every(({ change }, at) => {
    const now = current[at]
    return now !== undefined && sameContent(now, change.after)
  })
}

type Sent = 'made' | 'prerequisite failed'

const send = async (peer: Peer, changes: readonly MarkedChange[], signal: AbortSignal): Promise<Sent> => {
  const names = [...new Set(changes.map(({ change }): Fqdn => change.key.name))]
  const [reply] = await ask(peer, 'write', [updateRequest(peer.zone, changes)], signal)
  const code = reply?.rcode ?? rcode.SERVFAIL
  if (code === rcode.NOERROR) return 'made'
  if (failedPrerequisite.includes(code)) return 'prerequisite failed'
  throw updateError(peer, names, rcodeText(code))
}

const sendSettled = async (peer: Peer, changes: readonly MarkedChange[], signal: AbortSignal): Promise<Sent> => {
  try {
    return await send(peer, changes, signal)
  } catch (error) {
    const isUnknown = error instanceof ProviderError && error.outcome === 'unknown'
    if (isUnknown && (await isSettled(peer, changes, signal))) return 'made'
    throw error
  }
}

/**
 * A prerequisite also fails where everything is as wanted already, or where only a stranger's TXT beside our mark
 * moved: so look again, and try what is left once more.
 */
const writeBatch = async (peer: Peer, changes: readonly MarkedChange[], signal: AbortSignal): Promise<void> => {
  if ((await sendSettled(peer, changes, signal)) === 'made') return
  const left = await refreshed(peer, changes.map(({ change }) => change), signal)
  if (left.length === 0 || (await sendSettled(peer, left, signal)) === 'made') return
  const [moved] = await refreshed(peer, left.map(({ change }) => change), signal)
  if (moved !== undefined) throw conflict(peer, moved.change, moved.change.before)
}

/**
 * Makes the changes, one UPDATE for all of them if they fit. Where they take several and a later one fails, the
 * outcome is `unknown`, since the earlier ones stand.
 * @throws ProviderError
 */
export const writeChanges = async (peer: Peer, changes: readonly Change[], signal: AbortSignal): Promise<void> => {
  requireInZone(peer, changes.map((change) => change.key))
  const unmarkable = changes.find((change) => change.after.owned.length > 0 && markName(change.key) === undefined)
  if (unmarkable !== undefined) throw tooLarge(peer, unmarkable, 'the name is too long to put the ownership mark below it')
  const todo = await prepared(peer, changes, signal)
  if (todo.length === 0) return
  const all = batches(peer, todo)
  for (const [at, batch] of all.entries()) {
    try {
      await writeBatch(peer, batch, signal)
    } catch (error) {
      throw at > 0 && error instanceof ProviderError ? halfDone(error, at, all.length) : error
    }
  }
}

const halfDone = (error: ProviderError, made: number, of: number): ProviderError =>
  new ProviderError(`${error.message} (${made} of ${of} messages of this write were applied before)`, {
    code: error.code,
    outcome: 'unknown',
    cause: error,
  })
