import type { JSX } from 'preact'
import type { AddressView } from '../../../engine/views.ts'
import { addressWords, certificateWords, publishedWords } from '../../format/address-words.ts'
import { momentText } from '../../format/clock-text.ts'
import type { CheckLook } from '../../format/fold-results.ts'
import { spanText } from '../../format/span-text.ts'
import { Ago } from '../../parts/ago.tsx'
import { Icon } from '../../parts/icon.tsx'
import { Strip } from '../../parts/strip.tsx'
import { serviceNow } from '../../store/now.ts'

const opinions = { up: { icon: 'up', tone: 'ok' }, down: { icon: 'down', tone: 'bad' }, abstain: { icon: 'unknown', tone: 'unsure' } } as const

const Ballots = ({ address }: { readonly address: AddressView }): JSX.Element => (
  <table class="ballots">
    <caption class="unseen">Ballots on {address.address}</caption>
    <thead>
      <tr>
        <th scope="col">Vantage</th>
        <th scope="col">Says</th>
        <th scope="col">Why</th>
      </tr>
    </thead>
    <tbody>
      {address.ballots.map(({ vantage, opinion, since, expiresAt, text }) => (
        <tr key={vantage}>
          <td class="anywhere">{vantage}</td>
          <td>
            <span class={`badge tone-${opinions[opinion].tone}`}>
              <Icon name={opinions[opinion].icon} />
              {opinion}
            </span>
          </td>
          <td class="anywhere">
            {text}
            <span class="muted small">
              {' '}
              since {momentText(since, serviceNow())}
              {expiresAt === null ? '' : `, believed until ${momentText(expiresAt, serviceNow())}`}
            </span>
          </td>
        </tr>
      ))}
    </tbody>
  </table>
)

/** Why it is, or is not, in each of the records: the rule that decided, in words. */
const Explanation = ({ address }: { readonly address: AddressView }): JSX.Element => (
  <ul class="explanation">
    {address.sets.map((set) => {
      const { word, tone, icon } = publishedWords(set)
      return (
        <li key={`${set.name} ${set.type}`}>
          <span class={`badge tone-${tone}`}>
            <Icon name={icon} />
            {word}
          </span>{' '}
          <span class="anywhere">
            <span class="muted">
              {set.name} {set.type}, rule “{set.rule}”:
            </span>{' '}
            {set.text}
            {set.removedAt === null ? null : (
              <span class="muted">
                {' '}
                (withdrawn {momentText(set.removedAt, serviceNow())})
              </span>
            )}
          </span>
        </li>
      )
    })}
  </ul>
)

/** One address: how it does, what its last checks saw, and why it is published or not. */
export const AddressPart = ({ address, results }: { readonly address: AddressView; readonly results: readonly CheckLook[] }): JSX.Element => {
  const { word, tone, icon } = addressWords(address)
  const { since, checkedAt, latencyMs, certificateDays, cause, detail, failures, readmitAt, standing, ballots } = address
  const certificate = certificateDays === null ? undefined : certificateWords(certificateDays)
  return (
    <article class="address" aria-label={`Address ${address.address}`}>
      <div class="address-head">
        <span class={`badge tone-${tone}`}>
          <Icon name={icon} />
          {word}
        </span>
        <h4 class="mono">{address.address}</h4>
        {standing === 'configured' ? null : <span class="chip">{standing}</span>}
      </div>
      <div class="address-looks">
        <Strip results={results} />
        <p class="small muted row">
          {since === null ? null : (
            <span>
              {word} since {momentText(since, serviceNow())}
            </span>
          )}
          {checkedAt === null ? <span>not checked yet</span> : <span>checked <Ago at={checkedAt} /></span>}
          {latencyMs === null ? null : <span>{spanText(latencyMs)}</span>}
          {certificate === undefined ? null : (
            <span class={certificate.tone === 'ok' ? '' : `badge tone-${certificate.tone}`}>
              {certificate.tone === 'ok' ? null : <Icon name="stale" />}
              {certificate.text}
            </span>
          )}
          {readmitAt === null ? null : <span>taken back in not before {momentText(readmitAt, serviceNow())}</span>}
        </p>
        {cause === null || failures === 0 ? null : (
          <p class="small anywhere">
            Latest failure: {cause}
            {detail === null ? '' : ` (${detail})`}, {failures} not forgiven yet
          </p>
        )}
      </div>
      <div class="address-why">
        <Explanation address={address} />
        {ballots.length === 0 ? null : (
          <details>
            <summary class="small">
              {ballots.length} {ballots.length === 1 ? 'ballot' : 'ballots'}, verdict: {address.verdict}
            </summary>
            <Ballots address={address} />
          </details>
        )}
      </div>
    </article>
  )
}
