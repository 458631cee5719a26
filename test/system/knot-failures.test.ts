import { describe } from 'vitest'
import { serverMissing, titled } from './servers/available.ts'
import { failureCases } from './servers/failure-cases.ts'
import { startKnotd } from './servers/knotd.ts'

const missing = serverMissing('knotd', 'nsupdate', 'dig')

describe.skipIf(missing !== undefined)(titled('rfc2136 with Knot DNS, when things go wrong', missing), () => {
  failureCases(() => startKnotd({ zone: 'plain.example' }), 'BADKEY')
})
