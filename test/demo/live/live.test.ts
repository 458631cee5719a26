import { describe, expect, test } from 'vitest'
import { childrenOf, demoProgram, eventually, isAlive, ptyMissing, start, type Started, takenPort } from '../demo-process.ts'

const missing = ptyMissing()

const ended = 'The demo has ended: its servers are stopped, its files removed.'
const leave = '\u001B[?25h\u001B[?1049l'

/** On a terminal of 80 by 24; what the shell says afterwards of the terminal comes last. */
const startLive = async (env: NodeJS.ProcessEnv = {}): Promise<Started> => {
  const line = `stty rows 24 cols 80; '${process.execPath}' '${demoProgram}' --port ${await takenPort()}; echo "code $?"; stty -a | grep -ow -e '-\\?icanon' -e '-\\?echo'; :`
  return start('script', ['-qfec', line, '/dev/null'], { TERM: 'xterm', NO_COLOR: '', ...env })
}

/** All that stands on a screen after these bytes: the last picture, without colours. */
const picture = (output: string): string => (output.split('\u001B[H').at(-1) ?? '').replaceAll(new RegExp(String.raw`\u001B\[[\d;?]*[A-Za-z]`, 'g'), '').replaceAll('\r', '')

const row = (output: string, region: string): string => picture(output).split('\n').find((line) => line.includes(`${region}     127.`)) ?? ''

const demoOf = (live: Started): number => {
  const [shell] = childrenOf(live.pid)
  const [demo] = shell === undefined ? [] : childrenOf(shell.pid).filter(({ command }) => command.includes('main.js'))
  if (demo === undefined) throw new Error('the demo does not run')
  return demo.pid
}

const allIn = (output: string): boolean => ['msk', 'ams', 'fra'].every((region) => / up, answered in .* yes$/.test(row(output, region)))

describe.skipIf(missing !== undefined)(`on a terminal${missing === undefined ? '' : ` [skipped: ${missing}]`}`, () => {
  test('keys break and heal the region that is chosen, the view shows it, and q gives the terminal back', async () => {
    const live = await startLive()
    const first = picture(await live.until(allIn))
    expect(first).toMatch(/^Dashboard {2}http:\/\/127\.0\.0\.1:\d+\/ {2}token to act there: demo-[\da-f]{12}\n/)
    expect(live.stdout()).toMatch(/^Dashboard {2}/)
    expect(first).toMatch(/dig @127\.0\.0\.1 -p \d+ failover\.example\.test \+short/)
    for (const words of ['1 2 3 choose a region', 'k kill it', 'f freeze it', 'e answer with 500', 'w serve a wrong page', 'h heal it', 'q     quit']) expect(first).toContain(words)
    expect(first.split('\n').length).toBeLessThanOrEqual(24)
    expect(Math.max(...first.split('\n').map((line) => line.length))).toBeLessThanOrEqual(80)

    live.type('2k')
    await live.until((output) => /> 2 ams +127\.0\.1\.2 +killed +- +down: connection refused +no$/.test(row(output, 'ams')))
    const withdrawn = await live.until((output) => picture(output).includes('ams withdrawn: connection refused'))
    expect(picture(withdrawn)).toMatch(/ams killed \(SIGKILL\)\n {2}[\d:]{8} {2}ams withdrawn: connection refused, \d failures, in DNS after .* m?s/)
    expect(picture(withdrawn)).toMatch(/failover\.example\.test is now {2}127\.0\.1\.1 {2}127\.0\.1\.3 {2}TTL 5 s/)

    live.type('h\u001B[B')
    await live.until((output) => allIn(output) && row(output, 'fra').startsWith('> 3'))
    live.type('e')
    await live.until((output) => /answers 500 +\d+ +down: status 500 +no$/.test(row(output, 'fra')))
    live.type('w')
    await live.until((output) => /wrong page +\d+ +down: wrong page +no$/.test(row(output, 'fra')))
    live.type('f')
    await live.until((output) => /frozen +\d+ +down: no answer in time +no$/.test(row(output, 'fra')))
    live.type('a')
    await live.until(allIn)

    const children = childrenOf(demoOf(live))
    live.type('q')
    expect((await live.exited).code).toBe(0)
    const [, after = ''] = live.stdout().split(leave)
    expect(after.replaceAll('\r', '')).toContain(`${ended}\nIt can also play by itself: npm run demo -- --script\ncode 0\nicanon\necho\n`)
    expect(children.length).toBe(7)
    await eventually(() => children.every(({ pid }) => !isAlive(pid)))
  })

  test.each(['SIGTERM', 'SIGHUP', 'SIGINT'] as const)('%s ends it as q does, a frozen server too', async (signal) => {
    const live = await startLive()
    await live.until(allIn)
    live.type('f')
    const demo = demoOf(live)
    await eventually(() => childrenOf(demo).some(({ state }) => state === 'T'))
    const children = childrenOf(demo)
    process.kill(demo, signal)
    expect((await live.exited).code).toBe(0)
    expect(live.stdout().replaceAll('\r', '')).toContain('\ncode 0\nicanon\necho\n')
    expect(live.stdout()).toContain(leave)
    await eventually(() => children.every(({ pid }) => !isAlive(pid)))
  })

  test('without colours where they are not wanted', async () => {
    const live = await startLive({ NO_COLOR: '1' })
    await live.until(allIn)
    live.type('\u0003')
    await live.exited
    expect(live.stdout()).not.toMatch(new RegExp(String.raw`\u001B\[[\d;]*m`))
    expect(live.stdout().replaceAll('\r', '')).toContain('\ncode 0\nicanon\necho\n')
  })

  test('a server that is killed from outside is shown as killed', async () => {
    const live = await startLive()
    await live.until(allIn)
    const server = childrenOf(demoOf(live)).find(({ command }) => command.includes('region-server.js msk'))
    process.kill(server?.pid ?? 0, 'SIGKILL')
    await live.until((output) => /killed +- +down: connection refused +no$/.test(row(output, 'msk')))
    live.type('1h')
    await live.until(allIn)
    live.type('q')
    expect((await live.exited).code).toBe(0)
  })
})
