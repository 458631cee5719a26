import type { JSX } from 'preact'
import { countText } from '../format/count-text.ts'
import { dayLook, meanAvailability } from '../format/day-look.ts'
import { percentText } from '../format/percent-text.ts'

interface Props {
  readonly label: string
  readonly days: readonly { readonly day: string; readonly availability: number | null }[]
}

const textOf = ({ label, days }: Props): string => {
  const looks = days.map(dayLook)
  const worse = looks.filter(({ tone }) => tone === 'warn' || tone === 'bad')
  const all = `${label}, ${countText(days.length, 'day')}: ${percentText(meanAvailability(days))} available`
  return worse.length === 0 ? all : `${all}; ${worse.map(({ text }) => text).slice(0, 20).join('; ')}`
}

/** A bar a day; what was missing is cut out of it from the top, so that it is seen without colour. */
export const DayBars = (props: Props): JSX.Element => (
  <svg class="day-bars" viewBox={`0 0 ${props.days.length * 10} 100`} preserveAspectRatio="none" role="img" aria-label={textOf(props)}>
    {props.days.map((day, index) => {
      const { tone, missing, text } = dayLook(day)
      return (
        <g key={day.day} class={`day-${tone}`}>
          <title>{text}</title>
          <rect class="whole" x={index * 10 + 1} y="0" width="8" height="100" />
          {tone === 'none' ? null : <rect class="part" x={index * 10 + 1} y={missing * 100} width="8" height={100 - missing * 100} />}
          {missing > 0 ? <rect class="gap" x={index * 10 + 1} y="0" width="8" height={missing * 100} /> : null}
        </g>
      )
    })}
  </svg>
)
