import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'
import { type Browser, chromium } from 'playwright-core'

const names = ['chromium', 'chromium-browser', 'google-chrome']

const isExecutable = (file: string): boolean => {
  try {
    accessSync(file, constants.X_OK)
    return true
  } catch {
    return false
  }
}

const found = (): string | undefined => (process.env['PATH'] ?? '').split(delimiter).flatMap((folder) => names.map((name) => join(folder, name))).find(isExecutable)

/** Why there is no browser to look with, and what to do about it; undefined if there is one. */
export const browserMissing = (): string | undefined => (found() === undefined ? 'Chromium is not installed; on Debian: npm run test:deps' : undefined)

/** Asks nobody but whom a page asks. */
const flags = ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage', '--disable-background-networking', '--disable-component-update', '--disable-features=HttpsUpgrades,OptimizationHints,MediaRouter,Translate']

/** The system's own Chromium, headless. Whoever starts it closes it. */
export const startChromium = (): Promise<Browser> => {
  const executablePath = found()
  if (executablePath === undefined) throw new Error('no Chromium')
  return chromium.launch({ executablePath, args: flags, timeout: 60_000 })
}
