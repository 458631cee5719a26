import { useComputed } from '@preact/signals'
import type { JSX } from 'preact'
import type { SiteSummaryView } from '../../engine/views.ts'
import { changeWords } from '../format/change-words.ts'
import { Ago } from '../parts/ago.tsx'
import { Icon } from '../parts/icon.tsx'
import { RecordValues } from '../parts/record-values.tsx'
import { RegionChip } from '../parts/region-chip.tsx'
import { hrefOf } from '../route/route.ts'
import { serviceNow } from '../store/now.ts'
import { areFew, areMany, sites } from '../store/sites.ts'
import { SiteChecks } from './site-checks.tsx'

const outcomes = { agreed: 'name servers agree', disagreed: 'name servers disagree', unconfirmed: 'name servers not confirmed' } as const

const Verified = ({ verified }: Pick<SiteSummaryView, 'verified'>): JSX.Element =>
  verified === null ? (
    <>never verified at the name servers</>
  ) : (
    <>
      <span class={`badge tone-${verified.outcome === 'agreed' ? 'ok' : verified.outcome === 'disagreed' ? 'bad' : 'warn'}`}>
        <Icon name={verified.outcome === 'agreed' ? 'check' : verified.outcome === 'disagreed' ? 'cross' : 'unknown'} />
      </span>{' '}
      {outcomes[verified.outcome]}, verified <Ago at={verified.at} isRough={areMany.value} />
    </>
  )

/** One site in a list: the state's sentence, regions and records, when it was verified and what was changed last. */
export const SiteRow = ({ site }: { readonly site: string }): JSX.Element | null => {
  // Drawn again only when this site says something new.
  const summary = useComputed(() => sites.value.get(site)).value
  if (summary === undefined) return null
  const { text, regions, sets, verified, lastChange } = summary
  const isSameName = sets.every(({ name }) => name.replace(/\.$/, '') === site)
  return (
    <li class="site-row">
      <div>
        <a class="name" href={hrefOf({ page: 'site', site })}>
          {site}
        </a>
        <p class="say">{text}</p>
      </div>
      <div>
        <ul class="chips">
          {regions.map((region) => (
            <RegionChip key={region.region} region={region} />
          ))}
        </ul>
        <div class="records">
          {sets.map((set) => (
            <div key={`${set.name} ${set.type}`}>
              {isSameName ? null : <p class="muted anywhere">{set.name}</p>}
              <RecordValues set={set} />
            </div>
          ))}
        </div>
      </div>
      <div class="when">
        <p>
          <Verified verified={verified} />
        </p>
        <p>{lastChange === null ? 'no change yet' : changeWords(lastChange, serviceNow())}</p>
      </div>
      {areFew.value ? <SiteChecks site={site} /> : null}
    </li>
  )
}
