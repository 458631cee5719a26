import type { JSX } from 'preact'
import { actionKinds, actionWord, incidentKinds, incidentWords } from '../../format/incident-words.ts'
import { Segments } from '../../parts/segments.tsx'
import type { TimelineFilter } from '../../route/route.ts'
import { replaceRoute } from '../../store/location.ts'
import { sites } from '../../store/sites.ts'

const periods = ['24h', '7d', '30d', '90d'] as const
type Period = (typeof periods)[number]
const groups = ['everything', 'incidents', 'actions'] as const
type Group = (typeof groups)[number]

const kindsOf: Readonly<Record<Group, readonly string[]>> = { everything: [], incidents: incidentKinds, actions: actionKinds }

const isSame = (a: readonly string[], b: readonly string[]): boolean => a.length === b.length && a.every((each) => b.includes(each))

const wordOf = (kind: string): string => incidentKinds.some((each) => each === kind) ? incidentWords(kind as (typeof incidentKinds)[number]).word : actionWord(kind)

/** Every choice goes into the address of the page, so that it can be sent to somebody. */
export const FilterPart = ({ filter }: { readonly filter: TimelineFilter }): JSX.Element => {
  const choose = (part: Partial<TimelineFilter>): void => replaceRoute({ page: 'timeline', filter: { ...filter, ...part } })
  const known = [...sites.value.values()]
  const regions = [...new Set(known.flatMap((site) => (filter.site === undefined || site.site === filter.site ? site.regions.map(({ region }) => region) : [])))].toSorted()
  const group = groups.find((each) => isSame(kindsOf[each], filter.kinds))
  const all = [...incidentKinds, ...actionKinds]
  const toggle = (kind: string, isOn: boolean): void => {
    const before: readonly string[] = filter.kinds.length === 0 ? all : filter.kinds
    const after = isOn ? [...before, kind] : before.filter((each) => each !== kind)
    choose({ kinds: isSame(after, all) ? [] : after })
  }
  return (
    <search class="filters panel stack" aria-label="What is shown">
      <div class="filter-row">
        <label>
          <span class="small muted">Site</span>
          <select value={filter.site ?? ''} onChange={(event) => choose({ site: event.currentTarget.value || undefined, region: undefined })}>
            <option value="">all sites</option>
            {filter.site !== undefined && !sites.value.has(filter.site) ? <option value={filter.site}>{filter.site}</option> : null}
            {known.map(({ site }) => (
              <option key={site} value={site}>
                {site}
              </option>
            ))}
          </select>
        </label>
        <label>
          <span class="small muted">Region</span>
          <select value={filter.region ?? ''} onChange={(event) => choose({ region: event.currentTarget.value || undefined })}>
            <option value="">all regions</option>
            {filter.region !== undefined && !regions.includes(filter.region) ? <option value={filter.region}>{filter.region}</option> : null}
            {regions.map((region) => (
              <option key={region} value={region}>
                {region}
              </option>
            ))}
          </select>
        </label>
        <div>
          <span class="small muted">Show</span>
          <Segments<Group | ''> label="Show" options={groups} chosen={group ?? ''} onChoose={(next) => choose({ kinds: next === '' ? [] : kindsOf[next] })} />
        </div>
        <div>
          <span class="small muted">Of the last</span>
          <Segments<Period | ''> label="Of the last" options={periods} chosen={periods.find((each) => each === filter.since) ?? ''} textOf={(name) => name.replace(/(?=[hd])/, ' ')} onChoose={(since) => choose({ since })} />
        </div>
      </div>
      <details open={group === undefined}>
        <summary class="small">Kinds, one by one</summary>
        <fieldset class="kinds">
          <legend class="unseen">Kinds</legend>
          {all.map((kind) => (
            <label key={kind} class="small">
              <input type="checkbox" checked={filter.kinds.length === 0 || filter.kinds.includes(kind)} onChange={(event) => toggle(kind, event.currentTarget.checked)} />
              {wordOf(kind)}
            </label>
          ))}
        </fieldset>
      </details>
    </search>
  )
}
