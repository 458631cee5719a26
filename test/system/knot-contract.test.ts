import { describe } from 'vitest'
import { runProviderContract } from '../../src/contract/provider-contract.ts'
import { serverMissing, titled } from './servers/available.ts'
import { contractSetup } from './servers/contract-setup.ts'
import { sha512Key } from './servers/keys.ts'
import { startKnotd } from './servers/knotd.ts'

const missing = serverMissing('knotd', 'nsupdate', 'dig')

describe.skipIf(missing !== undefined)(titled('rfc2136 with Knot DNS', missing), () => {
  runProviderContract('rfc2136, plain zone', () => contractSetup(() => startKnotd({ zone: 'plain.example' }), sha512Key))
})
