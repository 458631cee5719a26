import { describe } from 'vitest'
import { serverMissing, titled } from './servers/available.ts'
import { startKnotd } from './servers/knotd.ts'
import { startNamed } from './servers/named.ts'
import { repointCases } from './servers/repoint-cases.ts'

const withoutBind = serverMissing('named', 'nsupdate', 'dig')
const withoutKnot = serverMissing('knotd', 'nsupdate', 'dig')

describe.skipIf(withoutBind !== undefined)(titled('service subdomains at BIND 9', withoutBind), () => {
  const plain = { zone: 'plain.example', isSigned: false }
  const grants = ['name msk.plain.example. A AAAA']
  repointCases(() => startNamed(plain), /the update was refused: .* grant stranger\. subdomain msk\.plain\.example\./, () => startNamed({ ...plain, grants }))
})

describe.skipIf(withoutKnot !== undefined)(titled('service subdomains at Knot DNS', withoutKnot), () => {
  repointCases(() => startKnotd({ zone: 'knot.example' }), /no `acl` of the zone allows this/)
})
