import type { JSX } from 'preact'
import { readResults, readSite } from '../api/read.ts'
import { addressWords } from '../format/address-words.ts'
import { spanText } from '../format/span-text.ts'
import { Icon } from '../parts/icon.tsx'
import { Strip } from '../parts/strip.tsx'
import { useReading } from '../store/use-reading.ts'

const everyMs = 2_000

/** The last checks of each address, where sites are so few that there is room for them. */
export const SiteChecks = ({ site }: { readonly site: string }): JSX.Element | null => {
  const isNews = (event: { readonly site: string | null }): boolean => event.site === site
  const { value: view } = useReading(site, (signal) => readSite(site, signal), { everyMs, isNews })
  const { value: results } = useReading(site, (signal) => readResults(site, signal), { everyMs, isNews })
  if (view === undefined) return null
  return (
    <ul class="site-checks" aria-label={`Last checks of ${site}`}>
      {view.regions.flatMap(({ region, addresses }) =>
        addresses.map((address) => {
          const { word, tone, icon } = addressWords(address)
          return (
            <li key={address.address}>
              <span class={`badge wraps tone-${tone}`} title={word}>
                <Icon name={icon} />
                <span class="anywhere">{region}</span>
              </span>
              <span class="mono">{address.address}</span>
              <Strip results={results?.addresses.find((each) => each.address === address.address)?.results ?? []} />
              <span class="time muted nowrap">
                {address.state === 'up' && address.latencyMs !== null ? (
                  <>
                    <span class="unseen">{word}, </span>
                    {spanText(address.latencyMs)}
                  </>
                ) : (
                  word
                )}
              </span>
            </li>
          )
        }),
      )}
    </ul>
  )
}
