import type { SiteView } from './views.ts'

/** For so many milliseconds what time alone changes, such as what is left of a wait, may lag behind. */
const freshMs = 100

/**
 * Shows the view that was shown before while all that it is made of is the very same, but for a moment only: a thousand who
 * look at once cost as much as one. `basis`: what is replaced, never altered, when it changes. `now`: monotonic milliseconds.
 */
export const createShownView = (make: () => SiteView, basis: () => readonly unknown[], now: () => number): (() => SiteView) => {
  let shown: { readonly view: SiteView; readonly at: number; readonly basis: readonly unknown[] } | undefined
  return () => {
    const [at, made] = [now(), basis()]
    if (shown !== undefined && at - shown.at < freshMs && made.every((each, index) => each === shown?.basis[index])) return shown.view
    const view = make()
    shown = { view, at, basis: made }
    return view
  }
}
