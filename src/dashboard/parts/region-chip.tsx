import type { JSX } from 'preact'
import { type RegionSummary, regionWords } from '../format/region-words.ts'
import { Icon } from './icon.tsx'

export const RegionChip = ({ region }: { readonly region: RegionSummary }): JSX.Element => {
  const { word, tone, icon, isOut } = regionWords(region)
  return (
    <li class={`chip tone-${tone}${isOut ? ' out' : ''}`}>
      <Icon name={icon} />
      <b title={region.region}>{region.region}</b>
      <span>{word}</span>
    </li>
  )
}
