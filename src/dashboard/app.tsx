import { useEffect, useRef } from 'preact/hooks'
import type { JSX } from 'preact'
import { ActionDialog } from './actions/action-dialog.tsx'
import { tabTitle } from './format/headline.ts'
import { IncidentPage } from './pages/incident/incident-page.tsx'
import { Login } from './pages/login.tsx'
import { Overview } from './pages/overview.tsx'
import { SitePage } from './pages/site/site-page.tsx'
import { TimelinePage } from './pages/timeline/timeline-page.tsx'
import { Announcer } from './parts/announcer.tsx'
import { LostBar } from './parts/lost-bar.tsx'
import { FailureNote } from './parts/note.tsx'
import { TopBar } from './parts/top-bar.tsx'
import { hrefOf, type Route } from './route/route.ts'
import { feedState, followSites } from './store/live.ts'
import { route } from './store/location.ts'
import { refreshSession, session, sessionFailure } from './store/session.ts'
import { isRead, standing } from './store/sites.ts'

const pageName = (current: Route): string => {
  switch (current.page) {
    case 'overview':
      return ''
    case 'site':
      return current.site
    case 'timeline':
      return 'Timeline'
    case 'incident':
      return 'Incident'
    case 'login':
      return 'Sign in'
    case 'unknown':
      return 'Not found'
  }
}

const Unknown = (): JSX.Element => (
  <div class="page">
    <h1>There is no such page</h1>
    <p>
      <a href="#/">To all sites</a>
    </p>
  </div>
)

const Page = ({ current }: { readonly current: Route }): JSX.Element => {
  if (session.value === undefined) return sessionFailure.value === undefined ? <p class="muted">Asking the service…</p> : <FailureNote failure={sessionFailure.value} />
  if (current.page === 'login') return <Login next={current.next} />
  if (!session.value.mayRead) return <Login next={hrefOf(current)} />
  switch (current.page) {
    case 'overview':
      return isRead.value ? <Overview filter={current.filter} /> : <p class="muted">Reading the sites…</p>
    case 'site':
      return <SitePage site={current.site} />
    case 'timeline':
      return <TimelinePage filter={current.filter} />
    case 'incident':
      return <IncidentPage id={current.id} />
    case 'unknown':
      return <Unknown />
  }
}

/** Which place in the page a new one begins at: filters and searches are no new page. */
const placeOf = (current: Route): string => (current.page === 'overview' || current.page === 'timeline' ? current.page : hrefOf(current))

export const App = (): JSX.Element => {
  const current = route.value
  const main = useRef<HTMLElement>(null)
  const isFirst = useRef(true)
  const mayRead = session.value?.mayRead === true
  const place = placeOf(current)

  useEffect(() => {
    if (!mayRead) return undefined
    const feed = followSites()
    return () => feed.close()
  }, [mayRead])

  useEffect(() => {
    if (session.value !== undefined) return undefined
    const timer = setInterval(() => void (session.value === undefined && refreshSession()), 2_000)
    return () => clearInterval(timer)
  }, [session.value === undefined])

  // A session that ends is known at once, not by the first refusal.
  const expiresAt = session.value?.expiresAt ?? null
  useEffect(() => {
    if (expiresAt === null) return undefined
    const timer = setTimeout(() => void refreshSession(), Math.min(2 ** 31 - 1, Math.max(1_000, Date.parse(expiresAt) - Date.now() + 500)))
    return () => clearTimeout(timer)
  }, [expiresAt])

  useEffect(() => {
    if (isFirst.current) return void (isFirst.current = false)
    window.scrollTo(0, 0)
    main.current?.focus({ preventScroll: true })
  }, [place])

  const title = tabTitle(standing.value, pageName(current), feedState.value.kind === 'lost')
  useEffect(() => void (document.title = title), [title])

  return (
    <>
      <TopBar />
      <LostBar />
      <main id="main" ref={main} tabIndex={-1}>
        <Page key={place} current={current} />
      </main>
      <ActionDialog />
      <Announcer />
      <footer class="foot">dns-failover {session.value?.version ?? ''}</footer>
    </>
  )
}
