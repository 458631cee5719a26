import { execFile } from 'node:child_process'

const byNode = `fetch(process.argv[1], { signal: AbortSignal.timeout(Number(process.argv[2]) * 1000) })
  .then(async (answer) => process.stdout.write((await answer.text()) + '\\n' + answer.status))
  .catch((error) => { process.stderr.write(String(error.cause?.code ?? error.name)); process.exitCode = 1 })`

// The time limit is each address's, as whoever writes this for the first time finds out.
const byPython = `import sys, urllib.request, urllib.error
try:
  answer = urllib.request.urlopen(sys.argv[1], timeout=float(sys.argv[2]))
  sys.stdout.write(answer.read().decode() + "\\n" + str(answer.status))
except Exception as error:
  sys.exit(str(error))`

const commands = {
  curl: (url, seconds) => ['curl', ['--silent', '--show-error', '--max-time', String(seconds), '--write-out', '\n%{http_code}', url]],
  node: (url, seconds) => [process.execPath, ['-e', byNode, url, String(seconds)]],
  python: (url, seconds) => ['/usr/bin/python3', ['-c', byPython, url, String(seconds)]],
}

/** One visit by a program that is started for it: nothing is left from another visit. */
export const visitBy = (kind, url, patienceMs) =>
  new Promise((resolve) => {
    const begun = performance.now()
    const [file, args] = commands[kind](url, patienceMs / 1000)
    execFile(file, args, { timeout: patienceMs * 3 + 5000, killSignal: 'SIGKILL' }, (error, stdout, stderr) => {
      const ms = performance.now() - begun
      const [, text = '', status] = /^([\s\S]*)\n(\d+)$/.exec(stdout) ?? []
      const detail = status !== undefined && status !== '200' ? `status ${status}` : error === null ? undefined : (stderr.trim().split('\n').at(-1) ?? '') || `ended with ${error.code ?? error.signal}`
      resolve({ ms, text: detail === undefined ? text : '', ...(detail === undefined ? {} : { detail }) })
    })
  })
