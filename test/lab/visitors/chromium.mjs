import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const flags = ['--headless', '--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync', '--disable-extensions', '--disable-features=HttpsUpgrades,HttpsFirstBalancedModeAutoEnable,OptimizationHints,MediaRouter,Translate', '--remote-debugging-pipe']

/** One headless Chromium, spoken to by its pipe. Each visit is in a context of its own: no cache, no name and no connection is left from another. */
export const startChromium = async () => {
  const profile = mkdtempSync(join(tmpdir(), 'lab-chromium-'))
  const child = spawn('chromium', [...flags, `--user-data-dir=${profile}`], { stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'], env: { ...process.env, HOME: profile } })
  const [, , , into, outOf] = child.stdio
  const waiting = new Map()
  const listeners = new Map()
  let [last, buffer] = [0, '']
  into.on('error', () => undefined)
  outOf.setEncoding('utf8').on('data', (part) => {
    buffer += part
    const messages = buffer.split('\0')
    buffer = messages.pop()
    for (const { id, result, error, method, params, sessionId } of messages.map((text) => JSON.parse(text))) {
      if (id === undefined) listeners.get(`${sessionId} ${method}`)?.(params)
      else waiting.get(id)?.({ result, error })
      waiting.delete(id)
    }
  })
  child.once('exit', () => {
    for (const settle of waiting.values()) settle({ error: { message: 'Chromium has ended' } })
  })
  const ask = (method, params = {}, sessionId = undefined) =>
    new Promise((resolve, reject) => {
      const id = (last += 1)
      waiting.set(id, ({ result, error }) => (error === undefined ? resolve(result) : reject(new Error(`${method}: ${error.message}`))))
      into.write(`${JSON.stringify({ id, method, params, ...(sessionId === undefined ? {} : { sessionId }) })}\0`)
    })
  const browse = async (url, { browserContextId, patienceMs }) => {
    const { targetId } = await ask('Target.createTarget', { url: 'about:blank', browserContextId })
    const { sessionId } = await ask('Target.attachToTarget', { targetId, flatten: true })
    await ask('Page.enable', {}, sessionId)
    const begun = performance.now()
    let late
    // From here on: a busy machine takes its time to open a window.
    const isOver = new Promise((resolve) => (late = setTimeout(resolve, patienceMs)))
    const loaded = new Promise((resolve) => listeners.set(`${sessionId} Page.loadEventFired`, resolve))
    try {
      const { errorText } = await Promise.race([ask('Page.navigate', { url }, sessionId), isOver.then(() => ({ errorText: 'out of patience' }))])
      if (errorText !== undefined) return { ms: performance.now() - begun, text: '', detail: errorText }
      await Promise.race([loaded, isOver])
      const { result } = await ask('Runtime.evaluate', { expression: 'document.body.innerText' }, sessionId)
      return { ms: performance.now() - begun, text: result.value }
    } finally {
      clearTimeout(late)
      listeners.delete(`${sessionId} Page.loadEventFired`)
    }
  }
  await ask('Browser.getVersion')
  return {
    /** What a fresh visitor sees, and how long the page took. It is given up after `patienceMs`. */
    visit: async (url, patienceMs) => {
      const { browserContextId } = await ask('Target.createBrowserContext')
      try {
        return await browse(url, { browserContextId, patienceMs })
      } finally {
        await ask('Target.disposeBrowserContext', { browserContextId })
      }
    },
    close: async () => {
      child.kill('SIGKILL')
      if (child.exitCode === null && child.signalCode === null) await new Promise((resolve) => child.once('exit', resolve))
      rmSync(profile, { recursive: true, force: true, maxRetries: 20 })
    },
  }
}
