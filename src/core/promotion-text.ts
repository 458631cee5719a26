import type { DuePromotion } from './replacement.ts'
import type { Verification } from './verification.ts'

const duration = (ms: number): string => {
  const seconds = Math.round(ms / 1000)
  const parts = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60] as const
  const shown = parts.flatMap((count, at) => (count === 0 ? [] : [`${count} ${['h', 'min', 's'][at] ?? ''}`]))
  return shown.length === 0 ? '0 s' : shown.join(' ')
}

const seenText = (verifications: readonly Verification[]): string => {
  const servers = verifications.flatMap((each) => each.servers)
  const agreeing = servers.filter(({ standing }) => standing === 'agrees')
  const places = new Set(servers.map(({ server }) => server.name)).size
  if (verifications.length > 0 && verifications.every(({ outcome }) => outcome === 'agreed')) return `${places === 1 ? 'its name server agrees' : `its ${places} name servers agree`}`
  const others = servers.filter((each) => !agreeing.includes(each)).map(({ server, standing }) => `${server.name} ${standing}`)
  return `not every name server has been seen to agree${others.length === 0 ? '' : `: ${[...new Set(others)].join(', ')}`}`
}

/** Loud and whole: nobody was asked, and nobody else puts it back. */
export const promotedText = (site: string, service: string, { region, from, to, downMs }: DuePromotion, verifications: readonly Verification[]): string =>
  `region ${region.name} was down for ${duration(downMs)}, so its replacement has taken over: ${service} leads to ${to.join(', ')} instead of ${from.join(', ')}; ${seenText(verifications)}. ` +
  `It does not go back by itself: dns-failover repoint ${region.name} ${from.join(' ')} --site ${site}`

export const promotionFailedText = ({ region, to }: DuePromotion, why: string, againMs: number): string =>
  `region ${region.name} is to be taken over by ${to.join(', ')}, which did not work: ${why}; tried again in ${duration(againMs)}`
