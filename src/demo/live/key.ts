import type { ServerState } from '../server-state.ts'
import { regions } from '../settings.ts'

/** What a key asks for. */
export type KeyAction =
  | { readonly kind: 'select'; readonly at: number }
  | { readonly kind: 'move'; readonly by: 1 | -1 }
  /** Of the region that is selected. */
  | { readonly kind: 'become'; readonly state: ServerState }
  | { readonly kind: 'heal-all' }
  | { readonly kind: 'quit' }
  | { readonly kind: 'nothing' }

const states: ReadonlyMap<string, ServerState> = new Map([
  ['k', 'killed'],
  ['f', 'frozen'],
  ['e', 'answers-500'],
  ['w', 'wrong-page'],
  ['h', 'serving'],
])

/** In raw mode Ctrl-C and Ctrl-D are keys like any other. */
const quitKeys = ['q', '\u0003', '\u0004']

export const actionOf = (key: string): KeyAction => {
  const lower = key.toLowerCase()
  const state = states.get(lower)
  if (state !== undefined) return { kind: 'become', state }
  if (quitKeys.includes(lower)) return { kind: 'quit' }
  if (lower === 'a') return { kind: 'heal-all' }
  if (key === '\u001B[A' || key === '\u001BOA') return { kind: 'move', by: -1 }
  if (key === '\u001B[B' || key === '\u001BOB') return { kind: 'move', by: 1 }
  const at = /^[1-9]$/.test(key) ? Number(key) - 1 : -1
  return at >= 0 && at < regions.length ? { kind: 'select', at } : { kind: 'nothing' }
}
