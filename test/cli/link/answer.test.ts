import { expect, it } from 'vitest'
import { answerOfApi } from '../../../src/cli/link/answer.ts'

const problem = (code: string) => answerOfApi({ kind: 'problem', problem: { type: `urn:dns-failover:problem:${code}`, title: 'No', status: 401, code, detail: 'it is so', instance: '/', advice: 'send a header' } })

it.each([
  ['token-needed', 1, 'it is so; give one by --token-file or DNS_FAILOVER_TOKEN'],
  ['token-unknown', 1, 'it is so; give one of its config by --token-file or DNS_FAILOVER_TOKEN'],
  ['floor', 3, 'it is so; send a header'],
])('says of %s what to do at a command line, not in a header', (code, exitCode, message) => {
  expect(problem(code)).toMatchObject({ kind: 'refused', exitCode, error: { code, message } })
})

it('says nothing twice that is in the detail already', () => {
  const errors = [{ field: 'site', text: 'must not be empty' }, { field: 'limit', text: 'write a number' }]
  const answer = answerOfApi({ kind: 'problem', problem: { type: 'urn:x', title: 'No', status: 422, code: 'invalid-request', detail: 'site: must not be empty', instance: '/', errors } })
  expect(answer).toMatchObject({ error: { message: 'site: must not be empty; limit: write a number' } })
})
