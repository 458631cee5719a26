import { computed, signal } from '@preact/signals'
import { hrefOf, parseRoute, type Route } from '../route/route.ts'

const hash = signal(location.hash)

export const route = computed(() => parseRoute(hash.value))

export const startLocation = (): void => window.addEventListener('hashchange', () => void (hash.value = location.hash))

export const goTo = (next: Route): void => void (location.hash = hrefOf(next))

/** Without a step back in the browser's history: for what is typed or filtered. */
export const replaceRoute = (next: Route): void => {
  history.replaceState(null, '', hrefOf(next))
  hash.value = location.hash
}
