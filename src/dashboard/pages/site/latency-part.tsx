import type { JSX } from 'preact'
import { useState } from 'preact/hooks'
import type { SiteView } from '../../../engine/views.ts'
import { readSeries } from '../../api/read.ts'
import { LatencyChart } from '../../charts/latency-chart.tsx'
import type { ChartMode } from '../../charts/columns.ts'
import { chartRanges, type RangeName, rangeNames } from '../../charts/ranges.ts'
import { FailureNote, Note } from '../../parts/note.tsx'
import { Segments } from '../../parts/segments.tsx'
import { useReading } from '../../store/use-reading.ts'

const everyMs = 30_000
const modeWords = { latency: 'Latency', phases: 'Phases' } as const

/** How long checks of an address took, and in which phase the time went. */
export const LatencyPart = ({ view }: { readonly view: SiteView }): JSX.Element | null => {
  const addresses = view.regions.flatMap(({ region, addresses: own }) => own.map(({ address }) => ({ region, address })))
  const [chosen, choose] = useState('')
  const [rangeName, setRange] = useState<RangeName>('1h')
  const [mode, setMode] = useState<ChartMode>('latency')
  const current = addresses.find(({ address }) => address === chosen) ?? addresses[0]
  const range = chartRanges[rangeName]
  const address = current?.address ?? ''
  const { value, failure } = useReading(address === '' ? '' : `${view.site} ${address} ${rangeName}`, (signal) => readSeries(view.site, { address, since: range.since, step: range.step }, signal), { everyMs })
  const trouble = value?.trouble ?? null
  if (current === undefined) return null
  return (
    <section class="panel stack" aria-labelledby="latency">
      <div class="spread">
        <h2 id="latency">Checks over time</h2>
        <div class="row">
          <Segments label="What is shown" options={['latency', 'phases']} chosen={mode} textOf={(option) => modeWords[option]} onChoose={setMode} />
          <Segments label="How far back" options={rangeNames} chosen={rangeName} textOf={(name) => name.replace(/(?=[hd])/, ' ')} onChoose={setRange} />
        </div>
      </div>
      <label class="row pick">
        <span class="small muted">Address</span>
        <select value={address} onChange={(event) => choose(event.currentTarget.value)}>
          {addresses.map((each) => (
            <option key={each.address} value={each.address}>
              {each.region} · {each.address}
            </option>
          ))}
        </select>
      </label>
      {failure === undefined ? null : <FailureNote failure={failure} />}
      {trouble === null ? null : (
        <Note tone="warn">
          <p>Something may be missing: {trouble}</p>
        </Note>
      )}
      {value === undefined ? <div class="plot waiting" /> : <LatencyChart points={value.points} mode={mode} range={range} label={`Checks of ${address}, last ${rangeName}`} />}
    </section>
  )
}
