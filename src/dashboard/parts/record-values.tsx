import type { JSX } from 'preact'
import { differenceOf, isAsWanted } from '../format/difference.ts'
import { Icon } from './icon.tsx'

interface RecordSet {
  readonly type: 'A' | 'AAAA'
  readonly published: readonly string[]
  readonly wanted: readonly string[]
}

/** What is published, and against it what should be: where they agree, nothing more is said than that. */
export const RecordValues = ({ set }: { readonly set: RecordSet }): JSX.Element => {
  const difference = differenceOf(set)
  return (
    <div class="record">
      <span class="type">{set.type}</span>
      <span class="values">
        {difference.kept.map((value) => (
          <span class="value" key={value}>
            {value}
          </span>
        ))}
        {difference.missing.map((value) => (
          <span class="value missing" key={value}>
            <Icon name="plus" />
            {value} <span class="word">should be published</span>
          </span>
        ))}
        {difference.surplus.map((value) => (
          <span class="value surplus" key={value}>
            <Icon name="minus" />
            <span class="text">{value}</span> <span class="word">should not be</span>
          </span>
        ))}
        {set.published.length === 0 && isAsWanted(difference) ? <span class="muted">nothing, as it should be</span> : null}
      </span>
    </div>
  )
}
