import type { JSX } from 'preact'
import type { Condition } from '../../engine/views.ts'
import { conditionWords } from '../format/condition-words.ts'
import { Icon } from './icon.tsx'

export const ConditionBadge = ({ condition, isFilled = false }: { readonly condition: Condition; readonly isFilled?: boolean }): JSX.Element => {
  const { word, tone, meaning } = conditionWords(condition)
  return (
    <span class={`badge tone-${tone}${isFilled ? ' filled' : ''}`} title={meaning}>
      <Icon name={condition} />
      {word}
    </span>
  )
}
