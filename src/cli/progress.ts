/** One line on a terminal that tells people that work is under way; takes itself away at the end. */
export interface Progress {
  counted(site: string): void
  stop(): void
}

const everyMs = 100
const frames = ['|', '/', '-', '\\']

/** The line is drawn until `stop`, which must be called. */
export const startProgress = (options: {
  readonly write: (text: string) => void
  readonly sites: number
  readonly checksMs: number
  readonly now: () => number
}): Progress => {
  const { write, sites, checksMs, now } = options
  const startedAt = now()
  const checked = new Set<string>()
  let checks = 0
  let frame = 0
  const draw = (): void => {
    frame += 1
    const left = Math.max(0, Math.ceil((checksMs - (now() - startedAt)) / 1000))
    const of = sites === 1 ? '' : ` of ${checked.size}/${sites} sites`
    write(`\r\u001B[K${frames[frame % frames.length] ?? ''} checking: ${checks} checks${of} so far, at most ${left} s left`)
  }
  const timer = setInterval(draw, everyMs)
  return {
    counted: (site) => {
      checked.add(site)
      checks += 1
    },
    stop: () => {
      clearInterval(timer)
      if (frame > 0) write('\r\u001B[K')
    },
  }
}
