import { effect, signal } from '@preact/signals'

export type Theme = 'auto' | 'light' | 'dark'

const key = 'dns-failover-theme'

const remembered = (): Theme => {
  try {
    const value = localStorage.getItem(key)
    return value === 'light' || value === 'dark' ? value : 'auto'
  } catch {
    // A browser that keeps nothing.
    return 'auto'
  }
}

export const theme = signal<Theme>('auto')

export const startTheme = (): void => {
  theme.value = remembered()
  effect(() => {
    if (theme.value === 'auto') delete document.documentElement.dataset['theme']
    else document.documentElement.dataset['theme'] = theme.value
    try {
      if (theme.value === 'auto') localStorage.removeItem(key)
      else localStorage.setItem(key, theme.value)
    } catch {
      // It is forgotten, then.
    }
  })
}
