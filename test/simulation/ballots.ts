import type { WordBook } from './word-book.ts'

type Said = ReturnType<WordBook['said']>

/** Whether all that is said may add up to an opinion; what is not known is taken as it suits. The rules, written down once more. */
export const mayBeSaid = (opinion: 'up' | 'down', own: 'up' | 'down' | 'unknown', said: Said, quorum: number | undefined): boolean => {
  const overrides = said.filter(({ isOverride }) => isOverride)
  const isFor = ({ says }: Said[number]): boolean => says === opinion || says === 'any'
  const isCertainlyAgainst = (each: Said[number]): boolean => !isFor(each)
  const isCertain = ({ says }: Said[number]): boolean => says !== 'any'
  const mayOverride = overrides.filter(isFor).length > overrides.filter(isCertainlyAgainst).length
  if (mayOverride) return true
  if (overrides.some(isCertain)) return false
  const votes = said.filter(({ isOverride }) => !isOverride)
  const pro = votes.filter(isFor).length + (own === opinion ? 1 : 0)
  const contra = votes.filter(isCertainlyAgainst).length + (own !== opinion && own !== 'unknown' ? 1 : 0)
  const majority = Math.floor((votes.length + 1) / 2) + 1
  // Silent ones are taken not to be there at all, where that makes fewer enough.
  const needed = Math.min(majority, Math.floor((votes.filter(isCertain).length + 1) / 2) + 1)
  if (opinion === 'up' && own === 'unknown') return false
  return pro > contra && pro + contra >= (opinion === 'down' ? (quorum ?? needed) : needed)
}

/** Whether all that is said leaves no doubt that it is up. */
export const isCertainlyUp = (own: 'up' | 'down' | 'unknown', said: Said): boolean => own === 'up' && said.every(({ says }) => says === 'up')
