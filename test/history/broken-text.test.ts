import { join } from 'node:path'
import Database from 'libsql'
import { expect, it } from 'vitest'
import { makeFolder } from '../store/folder.ts'
import { useHistories } from './running.ts'
import { checked, down, passed, site } from './samples.ts'

const start = useHistories()

// Found by test/fuzz/history-file.test.ts: libsql ends the process over such text, and so did every start from then on.
it('goes on over text that is no UTF-8 any more, as one bit that is wrong on a disk makes it', async () => {
  const file = join(await makeFolder(), 'history.sqlite')
  const { history } = start(file)
  history.engine(down())
  history.engine(checked(passed(12)))
  await history.close()
  const database = new Database(file)
  database.exec("UPDATE events SET text = CAST(x'41ff42' AS TEXT), region = CAST(x'ff' AS TEXT), data = CAST(x'7bff7d' AS TEXT), kind = CAST(x'80' AS TEXT)")
  database.exec("UPDATE checks_minutes SET sums = CAST(x'5bff' AS TEXT), region = CAST(x'fe' AS TEXT)")
  database.close()

  const running = start(file)
  running.history.engine(checked(passed(12)))
  const { events, trouble } = await running.history.events({ limit: 10 })
  expect({ events, trouble }).toMatchObject({ events: [{ text: 'A\uFFFDB', region: '\uFFFD', data: null }], trouble: null })
  const untilMs = Date.now() + 1000
  const report = await running.history.report({ sites: [site], sinceMs: untilMs - 86_400_000, untilMs })
  expect(report.sites).toHaveLength(1)
  await running.history.close()
})
