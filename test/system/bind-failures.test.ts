import { describe } from 'vitest'
import { serverMissing, titled } from './servers/available.ts'
import { failureCases } from './servers/failure-cases.ts'
import { startNamed } from './servers/named.ts'

const missing = serverMissing('named', 'nsupdate', 'dig')

describe.skipIf(missing !== undefined)(titled('rfc2136 with BIND 9, when things go wrong', missing), () => {
  describe('plain zone', () => failureCases(() => startNamed({ zone: 'plain.example', isSigned: false }), 'REFUSED'))
  describe('signed zone', () => failureCases(() => startNamed({ zone: 'signed.example', isSigned: true }), 'REFUSED'))
})
