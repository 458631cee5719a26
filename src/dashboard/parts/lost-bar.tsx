import { useComputed } from '@preact/signals'
import type { JSX } from 'preact'
import { roughSpan } from '../format/span-text.ts'
import { feedState } from '../store/live.ts'
import { now, serviceNow } from '../store/now.ts'

/** A word in between is no news: only what lasts is said. */
const worthSayingMs = 1_500

const Bar = ({ sinceMs }: { readonly sinceMs: number }): JSX.Element | null => {
  const lost = useComputed(() => now.value - (sinceMs + serviceNow() - Date.now()))
  const text = useComputed(() => roughSpan(lost.value))
  const isWorthSaying = useComputed(() => lost.value >= worthSayingMs)
  if (!isWorthSaying.value) return null
  return (
    <section class="lost-bar" aria-label="Connection">
      <p>
        <span role="alert">The connection to the service is lost. What you see may be old; it is tried again, and catches up by itself.</span> <span class="small nowrap">Lost for {text}.</span>
      </p>
    </section>
  )
}

export const LostBar = (): JSX.Element | null => (feedState.value.kind === 'lost' ? <Bar sinceMs={feedState.value.sinceMs} /> : null)
