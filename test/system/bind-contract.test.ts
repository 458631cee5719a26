import { describe } from 'vitest'
import { runProviderContract } from '../../src/contract/provider-contract.ts'
import { serverMissing, titled } from './servers/available.ts'
import { contractSetup } from './servers/contract-setup.ts'
import { sha384Key } from './servers/keys.ts'
import { startNamed } from './servers/named.ts'

const missing = serverMissing('named', 'nsupdate', 'dig')

describe.skipIf(missing !== undefined)(titled('rfc2136 with BIND 9', missing), () => {
  runProviderContract('rfc2136, plain zone', () => contractSetup(() => startNamed({ zone: 'plain.example', isSigned: false })))
  runProviderContract('rfc2136, signed zone', () => contractSetup(() => startNamed({ zone: 'signed.example', isSigned: true }), sha384Key))
})
