import { describe, expect, test } from 'vitest'
import { readCommandLine } from '../../src/demo/command-line.ts'

const read = (...args: string[]): { readonly line: ReturnType<typeof readCommandLine>; readonly out: string; readonly err: string } => {
  let [out, err] = ['', '']
  const line = readCommandLine(args, { out: (text) => (out += text), err: (text) => (err += text) })
  return { line, out, err }
}

const usual = { script: false, json: false, port: 5300, dashboardPort: 8453, everyMs: 1000 }

describe('the command line of the demo', () => {
  test.each([
    [[], usual],
    [['--script'], { ...usual, script: true }],
    [['--json'], { ...usual, script: true, json: true }],
    [['--port', '5400', '--every', '250ms'], { ...usual, port: 5400, everyMs: 250 }],
    [['--dashboard-port', '9000'], { ...usual, dashboardPort: 9000 }],
  ])('%j', (args, options) => {
    expect(read(...args).line).toEqual({ kind: 'run', options })
  })

  test.each([
    [['--port', '0'], "option '--port <port>' argument '0' is invalid. must be a port, 1 to 65535."],
    [['--port', '5300x'], "option '--port <port>' argument '5300x' is invalid. must be a port, 1 to 65535."],
    [['--every', '5'], "option '--every <duration>' argument '5' is invalid. 5 has no unit; did you mean 5s?"],
    [['--every', '1ms'], "option '--every <duration>' argument '1ms' is invalid. must be between 100ms and 1m."],
    [['--scrip'], "unknown option '--scrip'\n(Did you mean --script?)"],
    [['now'], 'too many arguments. Expected 0 arguments but got 1.'],
  ])('%j is wrong usage', (args, message) => {
    const { line, out, err } = read(...args)
    expect(line).toEqual({ kind: 'wrong-usage', message })
    expect(out).toBe('')
    expect(err).toBe(`error: ${message}\n(add --help for more)\n`)
  })

  test('help is an answer', () => {
    const { line, out } = read('--help')
    expect(line).toEqual({ kind: 'answered' })
    for (const word of ['--script', '--json', '--port', '--dashboard-port', '--every', 'Exit codes']) expect(out).toContain(word)
  })
})
