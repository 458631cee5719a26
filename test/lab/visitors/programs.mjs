import { execFile } from 'node:child_process'

// Each ends with a line of the status and the seconds that the visit took, without the start of the program.
const byNode = `const begun = performance.now()
const end = (status) => process.stdout.write('\\n' + status + ' ' + (performance.now() - begun) / 1000)
fetch(process.argv[1], { signal: AbortSignal.timeout(Number(process.argv[2]) * 1000) })
  .then(async (answer) => { process.stdout.write(await answer.text()); end(answer.status) })
  .catch((error) => { process.stderr.write(String(error.cause?.code ?? error.name)); end('000') })`

// The time limit is each address's, as whoever writes this for the first time finds out.
const byPython = `import sys, time, urllib.request
begun = time.monotonic()
status = "000"
try:
  answer = urllib.request.urlopen(sys.argv[1], timeout=float(sys.argv[2]))
  sys.stdout.write(answer.read().decode())
  status = str(answer.status)
except Exception as error:
  sys.stderr.write(str(error))
sys.stdout.write("\\n" + status + " " + str(time.monotonic() - begun))`

const commands = {
  curl: (url, seconds) => ['curl', ['--silent', '--show-error', '--max-time', String(seconds), '--write-out', '\n%{http_code} %{time_total}', url]],
  node: (url, seconds) => [process.execPath, ['-e', byNode, url, String(seconds)]],
  python: (url, seconds) => ['/usr/bin/python3', ['-c', byPython, url, String(seconds)]],
}

/** One visit by a program that is started for it: nothing is left from another visit. */
export const visitBy = (kind, url, patienceMs) =>
  new Promise((resolve) => {
    const begun = performance.now()
    const [file, args] = commands[kind](url, patienceMs / 1000)
    execFile(file, args, { timeout: patienceMs * 3 + 5000, killSignal: 'SIGKILL' }, (error, stdout, stderr) => {
      const [, text = '', status, seconds] = /^([\s\S]*)\n(\d{3}) ([\d.]+)$/.exec(stdout) ?? []
      const ms = seconds === undefined ? performance.now() - begun : Number(seconds) * 1000
      if (status === '200') return resolve({ ms, text })
      const detail = status !== undefined && status !== '000' ? `status ${status}` : stderr.trim() || `ended with ${error?.code ?? error?.signal}`
      return resolve({ ms, text: '', detail })
    })
  })
