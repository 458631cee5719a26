import { parseAddress } from '../../core/address.ts'
import type { DeletedRecord, StoredRecord } from './envelope.ts'
import type { BatchPost } from './sdk.ts'

const contentOf = (content: string): string => parseAddress(content) ?? content

/**
 * Of what was deleted, what was no longer what had been read: a batch names records by id alone, so one that somebody
 * gave another address, name or type meanwhile goes with it. What the answer does not tell counts as unchanged.
 */
export const deletedUnseen = (meant: readonly StoredRecord[], deleted: readonly DeletedRecord[]): readonly DeletedRecord[] =>
  deleted.filter((now) => {
    const read = meant.find(({ id }) => id === now.id)
    if (read === undefined) return false
    const { content = read.content, name = read.name, type = read.type } = now
    return contentOf(content) !== contentOf(read.content) || name.toLowerCase() !== read.name.toLowerCase() || type !== read.type
  })

/** What puts a record back as it was, but for its id; undefined for what is no address record any more. */
export const postBack = ({ name, type, content, ttl, proxied, comment, tags, settings }: DeletedRecord): BatchPost | undefined => {
  if (name === undefined || content === undefined || (type !== 'A' && type !== 'AAAA')) return undefined
  return {
    type,
    name,
    content,
    ttl: ttl ?? 1,
    proxied: proxied ?? false,
    ...(comment ? { comment } : {}),
    ...(tags && tags.length > 0 ? { tags } : {}),
    ...(settings && Object.keys(settings).length > 0 ? { settings } : {}),
  }
}

/** For people who have to put it back themselves. */
export const deletedText = ({ id, name, type, content, ttl, comment }: DeletedRecord): string =>
  [name ?? id, type ?? 'record', content ?? '', ...(ttl === undefined ? [] : [`(TTL ${ttl})`]), ...(comment ? [JSON.stringify(comment)] : [])].filter((part) => part !== '').join(' ')
