import type { JSX } from 'preact'
import { useState } from 'preact/hooks'
import type { DayView, SiteReportView } from '../../../engine/history-port.ts'
import type { SiteView } from '../../../engine/views.ts'
import { readDays, readReport } from '../../api/read.ts'
import { countText } from '../../format/count-text.ts'
import { lastDays } from '../../format/day-look.ts'
import { laneSpans } from '../../format/lane-spans.ts'
import { percentText } from '../../format/percent-text.ts'
import { spanText } from '../../format/span-text.ts'
import { DayBars } from '../../parts/day-bars.tsx'
import { FailureNote, Note } from '../../parts/note.tsx'
import { Segments } from '../../parts/segments.tsx'
import { serviceNow } from '../../store/now.ts'
import { useReading } from '../../store/use-reading.ts'

const periods = ['24h', '7d', '30d', '90d'] as const
type Period = (typeof periods)[number]
const dayCounts = { '24h': 1, '7d': 7, '30d': 30, '90d': 90 } as const
const dayMs = 86_400_000

/** What turns up in these counts as down: other incidents are of another kind. */
const isDown = ({ kind }: SiteReportView['incidents'][number]): boolean => kind === 'down' || kind === 'fail-closed'

/** A day hour by hour: the incidents themselves, where they were. */
const HourLane = ({ label, incidents }: { readonly label: string; readonly incidents: SiteReportView['incidents'] }): JSX.Element => {
  const now = serviceNow()
  const spans = laneSpans(incidents, now - dayMs, now)
  return (
    <svg class="hour-lane" viewBox="0 0 240 24" preserveAspectRatio="none" role="img" aria-label={`${label}, last 24 hours: ${incidents.length === 0 ? 'no incident' : countText(incidents.length, 'incident')}`}>
      <rect class="ground" x="0" y="0" width="240" height="24" />
      {spans.map(({ from, to }) => (
        <rect class="down" key={from} x={from * 240} y="0" width={Math.max(1, (to - from) * 240)} height="16" />
      ))}
    </svg>
  )
}

interface LaneProps {
  readonly label: string
  readonly isSite: boolean
  readonly availability: number | null
  readonly downMs: number | null
  readonly period: Period
  readonly days: readonly DayView[]
  readonly incidents: SiteReportView['incidents']
}

const Lane = ({ label, isSite, availability, downMs, period, days, incidents }: LaneProps): JSX.Element => (
  <li class="lane">
    <span class={isSite ? 'anywhere lane-site' : 'anywhere'}>{label}</span>
    {period === '24h' ? <HourLane label={label} incidents={incidents} /> : <DayBars label={label} days={lastDays(days, dayCounts[period], serviceNow())} />}
    <span class="lane-figure">
      <b>{percentText(availability)}</b>
      {downMs === null || downMs === 0 ? null : <span class="small muted"> down {spanText(downMs)}</span>}
    </span>
  </li>
)

/** Availability of the site and its regions, as a bar of days. */
export const AvailabilityPart = ({ view }: { readonly view: SiteView }): JSX.Element => {
  const [period, setPeriod] = useState<Period>('30d')
  const { site } = view
  const isNews = (event: { readonly site: string | null; readonly kind: string }): boolean => event.site === site && event.kind === 'health'
  const report = useReading(`${site} ${period}`, (signal) => readReport(site, period, signal), { isNews, everyMs: 60_000 })
  const days = useReading(period === '24h' ? '' : `${site} ${period}`, (signal) => readDays(site, period, signal), { isNews, everyMs: 60_000 })
  const failure = report.failure ?? days.failure
  const trouble = report.value?.trouble ?? days.value?.trouble ?? null
  const mine = report.value?.sites.find((each) => each.site === site)
  const daysOf = (region: string | null): readonly DayView[] => days.value?.days.filter((day) => day.region === region) ?? []
  const common = { period } as const
  return (
    <section class="panel stack" aria-labelledby="availability">
      <div class="spread">
        <h2 id="availability">Availability</h2>
        <Segments label="Period" options={periods} chosen={period} textOf={(name) => name.replace(/(?=[hd])/, ' ')} onChoose={setPeriod} />
      </div>
      {failure === undefined ? null : <FailureNote failure={failure} />}
      {trouble === null ? null : (
        <Note tone="warn">
          <p>Something may be missing: {trouble}</p>
        </Note>
      )}
      <ul class="lanes">
        <Lane {...common} label="the site" isSite availability={mine?.availability ?? null} downMs={null} days={daysOf(null)} incidents={mine?.incidents.filter((each) => each.kind === 'fail-open' || each.kind === 'fail-closed') ?? []} />
        {view.regions.map(({ region }) => {
          const own = mine?.regions.find((each) => each.region === region)
          return <Lane key={region} {...common} label={region} isSite={false} availability={own?.availability ?? null} downMs={own?.downMs ?? null} days={daysOf(region)} incidents={mine?.incidents.filter((each) => each.region === region && isDown(each)) ?? []} />
        })}
      </ul>
      <p class="small muted">{mine === undefined || mine.coverage >= 0.995 ? 'Days are UTC days.' : `Watched for ${mine.coverage < 0.001 ? 'less than 0.1%' : percentText(mine.coverage)} of this time. Days are UTC days.`}</p>
    </section>
  )
}
