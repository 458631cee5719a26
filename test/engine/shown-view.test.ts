import { expect, it } from 'vitest'
import { createShownView } from '../../src/engine/shown-view.ts'
import { siteView } from '../metrics/views.ts'

it('shows a view again for a moment, while nothing that it is made of has changed', () => {
  let [now, made] = [1000, 0]
  let basis: readonly unknown[] = [{}, undefined]
  const show = createShownView(() => siteView('a.test', { text: String((made += 1)) }), () => basis, () => now)
  const shownAt = (at: number): string => {
    now = at
    return show().text
  }
  expect([shownAt(1000), shownAt(1099), shownAt(1100), shownAt(1150)]).toEqual(['1', '1', '2', '2'])
  basis = [basis[0], 5]
  expect([shownAt(1150), shownAt(1151)]).toEqual(['3', '3'])
  basis = [{}, 5]
  expect([shownAt(1151), shownAt(1251)]).toEqual(['4', '5'])
})
