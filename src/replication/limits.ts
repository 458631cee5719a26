import type { Replication } from '../core/replication.ts'

/** What cannot be made good in two-way mode, for whoever chose it. Measured with lsyncd 2.2.3 and a delay of 3 s. */
const twoWay = [
  'a file that is deleted within seconds after it was made comes back on both sides, and a rename in that time leaves the sides apart for good',
  'of two edits of one file within the same second one is lost: on two sides, and on one side if both versions are of one size',
  'a server whose clock is behind does not get its edits out: keep the clocks in step (chrony)',
  'an edit made within seconds after the other side deleted the file is lost',
  'what was deleted while a region was off may come back with it: a start deletes nothing, and cannot tell deleted from new',
]

/** What to know before it is used; empty with one writer, where none of this was seen. */
export const limitsOf = (replication: Replication): readonly string[] => {
  if (replication.mode === 'single-writer') return []
  const star = replication.topology === 'star' ? [`while the hub, ${replication.writer}, is down, the other regions get nothing from each other`] : []
  return [...twoWay, ...star]
}
