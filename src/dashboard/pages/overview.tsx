import type { JSX } from 'preact'
import type { Condition } from '../../engine/views.ts'
import { conditions, conditionWords, isTrouble } from '../format/condition-words.ts'
import { countText } from '../format/count-text.ts'
import { headline } from '../format/headline.ts'
import { Icon } from '../parts/icon.tsx'
import { FailureNote } from '../parts/note.tsx'
import { useGrowing } from '../parts/use-growing.ts'
import { replaceRoute } from '../store/location.ts'
import { areMany, isRead, sites, sitesFailure, standing } from '../store/sites.ts'
import { SiteRow } from './site-row.tsx'

const Headline = (): JSX.Element => {
  const { tone, text, detail } = headline(standing.value)
  const worst = conditions.find((each) => (standing.value[each] ?? 0) > 0) ?? 'undecided'
  return (
    <header class={`headline tone-${tone}`}>
      <Icon name={worst === 'drained' || worst === 'paused' || (worst === 'undecided' && tone === 'ok') ? 'healthy' : worst} />
      <h1 class={detail === '' ? 'alone' : ''}>{text}</h1>
      {detail === '' ? null : <p>{detail}</p>}
    </header>
  )
}

const Group = ({ condition, names, most }: { readonly condition: Condition; readonly names: readonly string[]; readonly most: number }): JSX.Element => {
  const { word, tone, meaning } = conditionWords(condition)
  return (
    <section class={`group tone-${tone}${isTrouble(condition) ? ' trouble' : ''}`} aria-labelledby={`group-${condition}`}>
      <div class="group-head">
        <Icon name={condition} />
        <h2 id={`group-${condition}`}>
          {word.charAt(0).toUpperCase() + word.slice(1)} <span class="count">{names.length}</span>
        </h2>
        <span class="meaning">{meaning}</span>
      </div>
      <ul>
        {names.slice(0, most).map((site) => (
          <SiteRow key={site} site={site} />
        ))}
      </ul>
    </section>
  )
}

const collator = new Intl.Collator('en', { numeric: true })

interface Grouped {
  readonly condition: Condition
  readonly names: readonly string[]
}

const grouped = (filter: string): readonly Grouped[] => {
  const words = filter.toLowerCase().split(/\s+/).filter((word) => word !== '')
  const found = new Map<Condition, string[]>()
  for (const { site, condition, regions, sets } of sites.value.values()) {
    if (words.length > 0) {
      const haystack = [site, condition, conditionWords(condition).word, ...regions.map(({ region }) => region), ...sets.flatMap(({ name, published }) => [name, ...published])].join(' ').toLowerCase()
      if (!words.every((word) => haystack.includes(word))) continue
    }
    const names = found.get(condition)
    if (names === undefined) found.set(condition, [site])
    else names.push(site)
  }
  return conditions.flatMap((condition) => {
    const names = found.get(condition)
    return names === undefined ? [] : [{ condition, names: names.toSorted(collator.compare) }]
  })
}

/** Every site, troubles first. */
export const Overview = ({ filter }: { readonly filter: string }): JSX.Element => {
  const groups = grouped(filter)
  const shown = groups.reduce((sum, { names }) => sum + names.length, 0)
  const most = useGrowing(shown)
  let left = most
  return (
    <div class={`page${areMany.value ? ' many' : ''}`}>
      <Headline />
      {sitesFailure.value === undefined ? null : <FailureNote failure={sitesFailure.value} />}
      {sites.value.size > 1 ? (
        <search class="finder">
          <label>
            <span class="unseen">Find sites by name, region, state or address</span>
            <input type="search" value={filter} placeholder="Find by name, region, state or address" onInput={(event) => replaceRoute({ page: 'overview', filter: event.currentTarget.value })} />
          </label>
          <span class="muted small" role="status">
            {filter === '' ? countText(sites.value.size, 'site') : `${shown} of ${countText(sites.value.size, 'site')}`}
          </span>
        </search>
      ) : null}
      {groups.map(({ condition, names }) => {
        const part = Math.max(0, Math.min(names.length, left))
        left -= part
        return part === 0 ? null : <Group key={condition} condition={condition} names={names} most={part} />
      })}
      {isRead.value && shown === 0 && sites.value.size > 0 ? <p class="muted">No site matches “{filter}”.</p> : null}
    </div>
  )
}
