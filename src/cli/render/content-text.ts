import type { RegionView } from '../../engine/views.ts'

/**
 * What is to be said of a region's content though nobody is withdrawn for it. Of a stale one, or one that is catching up, the
 * site's condition and the rules of its addresses tell; one that is down is not asked.
 */
export const contentText = ({ region, freshness, addresses }: Pick<RegionView, 'region' | 'freshness' | 'addresses'>): string | undefined => {
  const isUp = addresses.some(({ state }) => state === 'up')
  switch (freshness?.state) {
    case 'behind':
      return `content of ${region} is behind: it ${freshness.text}; nobody is withdrawn for it so far`
    case 'unknown':
      return isUp ? `content of ${region} is not known to be fresh: ${freshness.text}` : undefined
    case 'fresh':
    case 'stale':
    case 'catching-up':
    case undefined:
      return undefined
  }
}
