// Runs on the client's machine: fresh visitors of each kind, at a steady pace, until its standard input ends. One line of
// JSON as each visit begins, and one as it ends. Arguments: the URL, kinds and pace as "curl=200,chromium=1500" in milliseconds,
// how long a visitor waits, what the page must hold, and how many of a kind there may be at once.
import { startChromium } from './chromium.mjs'
import { visitBy } from './programs.mjs'

const [url, paces, patienceMs, expected, atOnce] = process.argv.slice(2)
const chromium = paces.includes('chromium') ? await startChromium() : undefined
const visits = new Set()
let isOver = false

const print = (line) => void process.stdout.write(`${JSON.stringify(line)}\n`)

const visit = async (kind) => {
  const at = Date.now()
  print({ event: 'begins', kind, at })
  const { ms, text, detail } = await (kind === 'chromium' ? chromium.visit(url, Number(patienceMs)) : visitBy(kind, url, Number(patienceMs))).catch((error) => ({ ms: Date.now() - at, text: '', detail: error.message }))
  const isServed = text.includes(expected)
  print({ event: 'ends', kind, at, ms: Math.round(ms), isServed, ...(isServed ? {} : { detail: detail ?? `another page: ${text.slice(0, 60)}` }) })
}

const timers = paces.split(',').map((pace) => {
  const [kind, everyMs] = pace.split('=')
  let under = 0
  const turn = () => {
    // Visitors do not wait for one another; but a machine that is busy would only get busier with more of them.
    if (isOver || under >= Number(atOnce)) return
    under += 1
    const one = visit(kind).finally(() => (under -= 1))
    visits.add(one)
    void one.finally(() => visits.delete(one))
  }
  turn()
  return setInterval(turn, Number(everyMs))
})
print({ event: 'ready' })

process.stdin.resume().on('end', async () => {
  isOver = true
  for (const timer of timers) clearInterval(timer)
  await Promise.allSettled(visits)
  await chromium?.close()
  process.exit(0)
})
