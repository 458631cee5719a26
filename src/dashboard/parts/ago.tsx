import { useComputed } from '@preact/signals'
import type { JSX } from 'preact'
import { momentText } from '../format/clock-text.ts'
import { agoText } from '../format/span-text.ts'
import { now, slowNow } from '../store/now.ts'

const minuteMs = 60_000

const AgoText = ({ atMs, isRough }: { readonly atMs: number; readonly isRough: boolean }): JSX.Element => {
  // Only this text is drawn again, and only where it says something else; what is old does not look at each second.
  const text = useComputed(() => {
    const slow = slowNow.value
    if (slow - atMs > 1.5 * minuteMs) return agoText(atMs, slow)
    return isRough ? 'a moment ago' : agoText(atMs, now.value)
  })
  return <>{text}</>
}

/** `12 s ago`, counted on by itself; rough: in minutes. */
export const Ago = ({ at, isRough = false }: { readonly at: string; readonly isRough?: boolean }): JSX.Element => (
  <time dateTime={at} title={momentText(at, now.peek())} class="nowrap">
    <AgoText key={`${at} ${isRough}`} atMs={Date.parse(at)} isRough={isRough} />
  </time>
)
