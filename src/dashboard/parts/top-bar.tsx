import type { JSX } from 'preact'
import { signOut } from '../api/session.ts'
import { hrefOf, usualSince } from '../route/route.ts'
import { feedState } from '../store/live.ts'
import { route } from '../store/location.ts'
import { session } from '../store/session.ts'
import { type Theme, theme } from '../store/theme.ts'
import { Icon } from './icon.tsx'

const LiveMark = (): JSX.Element => {
  const state = feedState.value.kind
  const { tone, icon, word } = ({ live: { tone: 'ok', icon: 'up', word: 'live' }, connecting: { tone: 'unsure', icon: 'unknown', word: 'connecting' }, lost: { tone: 'warn', icon: 'degraded', word: 'not live' } } as const)[state]
  return (
    <span class={`live tone-${tone}`} title={state === 'live' ? 'What is shown follows what happens' : 'What is shown may be old'}>
      <Icon name={icon} />
      <span class="live-word">{word}</span>
    </span>
  )
}

const nextTheme: Readonly<Record<Theme, Theme>> = { auto: 'light', light: 'dark', dark: 'auto' }
const themeWords = { auto: 'as the system', light: 'light', dark: 'dark' } as const

const ThemeButton = (): JSX.Element => (
  <button type="button" class="quiet" title={`Colours: ${themeWords[theme.value]}`} aria-label={`Colours: ${themeWords[theme.value]}. Change to ${themeWords[nextTheme[theme.value]]}`} onClick={() => void (theme.value = nextTheme[theme.value])}>
    <Icon name={({ auto: 'auto', light: 'sun', dark: 'moon' } as const)[theme.value]} />
  </button>
)

const leave = async (): Promise<void> => {
  const answer = await signOut()
  if (answer.kind === 'ok') session.value = answer.value
}

const Account = (): JSX.Element | null => {
  const current = session.value
  if (current === undefined) return null
  if (!current.signedIn) {
    return route.value.page === 'login' ? null : (
      <a class="button" href={hrefOf({ page: 'login', next: location.hash })}>
        <Icon name="person" />
        Sign in
      </a>
    )
  }
  return (
    <>
      <span class="small muted row signed-in" title={current.mayOperate ? 'May act' : 'May only look'}>
        <Icon name={current.mayOperate ? 'person' : 'eye'} />
        <span class="account-name">{current.name}</span>
        {current.mayOperate ? null : <span class="account-name">(read only)</span>}
      </span>
      <button type="button" class="quiet" onClick={() => void leave()}>
        Sign out
      </button>
    </>
  )
}

export const TopBar = (): JSX.Element => {
  const { page } = route.value
  const mayRead = session.value?.mayRead === true
  return (
    <header class="top">
      <a class="skip" href="#main" onClick={(event) => (event.preventDefault(), document.getElementById('main')?.focus())}>
        To the content
      </a>
      <div class="top-in">
        <a class="brand" href="#/">
          <img src="./favicon.svg" alt="" width="22" height="22" />
          dns-failover
        </a>
        {mayRead ? (
          <nav aria-label="Pages">
            <a href="#/" aria-current={page === 'overview' ? 'page' : undefined}>
              Sites
            </a>
            <a href={hrefOf({ page: 'timeline', filter: { kinds: [], since: usualSince } })} aria-current={page === 'timeline' ? 'page' : undefined}>
              Timeline
            </a>
          </nav>
        ) : null}
        <div class="top-end">
          {mayRead ? <LiveMark /> : null}
          <ThemeButton />
          <Account />
        </div>
      </div>
    </header>
  )
}
