import { useComputed } from '@preact/signals'
import type { JSX } from 'preact'
import { momentText } from '../format/clock-text.ts'
import { agoText } from '../format/span-text.ts'
import { now } from '../store/now.ts'

const AgoText = ({ atMs }: { readonly atMs: number }): JSX.Element => {
  // Only this text is drawn again each second, and only where it says something else.
  const text = useComputed(() => agoText(atMs, now.value))
  return <>{text}</>
}

/** `12 s ago`, counted on by itself. */
export const Ago = ({ at }: { readonly at: string }): JSX.Element => (
  <time dateTime={at} title={momentText(at, now.peek())} class="nowrap">
    <AgoText key={at} atMs={Date.parse(at)} />
  </time>
)
