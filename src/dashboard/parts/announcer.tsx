import { useEffect, useRef, useState } from 'preact/hooks'
import type { JSX } from 'preact'
import type { Condition } from '../../engine/views.ts'
import { conditionWords } from '../format/condition-words.ts'
import { countText } from '../format/count-text.ts'
import { sites } from '../store/sites.ts'

const mostNamed = 3

/** What has changed between two looks, for who hears the page. */
export const changesText = (before: ReadonlyMap<string, Condition>, after: ReadonlyMap<string, Condition>): string => {
  const changed = [...after].flatMap(([site, condition]) => (before.has(site) && before.get(site) !== condition ? [`${site} is ${conditionWords(condition).word}`] : []))
  return changed.length > mostNamed ? `${countText(changed.length, 'site')} changed: ${changed.slice(0, mostNamed).join('; ')} and others` : changed.join('; ')
}

/** Says state changes to screen readers when they have a moment. */
export const Announcer = (): JSX.Element => {
  const [text, say] = useState('')
  const before = useRef<ReadonlyMap<string, Condition>>(new Map())
  const current = sites.value
  useEffect(() => {
    const after = new Map([...current].map(([site, { condition }]) => [site, condition]))
    const changes = changesText(before.current, after)
    before.current = after
    if (changes !== '') say(changes)
  }, [current])
  return (
    <p class="unseen" role="status" aria-live="polite">
      {text}
    </p>
  )
}
