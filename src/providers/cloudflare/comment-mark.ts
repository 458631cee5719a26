/**
 * The ownership mark of a record: `[dns-failover v=1]` in its comment, after whatever its owner wrote there. People
 * may edit comments, so white space and case do not matter.
 */
const mark = '[dns-failover v=1]'
const anyMark = /\s*\[\s*dns-failover\s+v\s*=\s*1\s*\]/gi

/** Characters: what a comment holds on the Free plan, and on the others. */
const freeLimit = 100
const paidLimit = 500

export const isMarked = (comment: string): boolean => comment.search(anyMark) !== -1

/** What people wrote. */
export const withoutMark = (comment: string): string => comment.replaceAll(anyMark, '').trim()

/**
 * The comment with the mark in it, or why it does not fit. The API does not say which plan a zone is on: only a comment
 * that is longer than the Free plan allows shows that it is another, so one of 82 to 100 characters counts as full on
 * every plan. Such a record is kept like others, but unmarked.
 */
export const withMark = (comment: string): { readonly ok: true; readonly comment: string } | { readonly ok: false; readonly roomFor: number } => {
  const own = withoutMark(comment)
  const limit = comment.length > freeLimit ? paidLimit : freeLimit
  const marked = own === '' ? mark : `${own} ${mark}`
  return marked.length <= limit ? { ok: true, comment: marked } : { ok: false, roomFor: limit - mark.length - 1 }
}

/** Whether a record with this comment is marked or could be. */
export const isMarkable = (comment: string): boolean => isMarked(comment) || withMark(comment).ok
