import type { TsigAlgorithm } from '../../../src/providers/rfc2136/tsig.ts'

/** What the captured updates say, as nsupdate and knsupdate take it. */
export const capturedScript: readonly string[] = [
  'zone example.com',
  'prereq nxrrset failover.example.com CNAME',
  'prereq yxrrset failover.example.com A 192.0.2.1',
  'prereq yxrrset failover.example.com A 192.0.2.2',
  'prereq nxrrset _dns-failover-a.failover.example.com TXT',
  'prereq yxrrset www.example.com AAAA',
  'update delete failover.example.com A',
  'update add failover.example.com 60 A 192.0.2.3',
  'update add failover.example.com 60 AAAA 2001:db8::1',
  'update add _dns-failover-a.failover.example.com 60 TXT "dns-failover v=1 ours=192.0.2.3"',
  'send',
]

export const capturedKey = { name: 'key.example.net', secret: Buffer.from('0123456789abcdef') } as const

export interface Captured {
  readonly tool: 'nsupdate' | 'knsupdate'
  readonly algorithm: TsigAlgorithm
  readonly hex: string
}

const nsupdateBody = '28000001000500040001076578616d706c6503636f6d0000060001086661696c6f766572c00c000500fe000000000000c01d00010001000000000004c0000201c01d00010001000000000004c00002020f5f646e732d6661696c6f7665722d61c01d001000fe00000000000003777777c00c001c00ff000000000000c01d000100ff000000000000c01d000100010000003c0004c0000203c01d001c00010000003c001020010db8000000000000000000000001c052001000010000003c00201f646e732d6661696c6f76657220763d31206f7572733d3139322e302e322e33'
const knsupdateBody = '28000001000500040001076578616d706c6503636f6d0000060001086661696c6f766572c00c000500fe000000000000c01d00010001000000000004c0000201c01d00010001000000000004c00002020f5f646e732d6661696c6f7665722d61086661696c6f766572c00c001000fe00000000000003777777c00c001c00ff000000000000086661696c6f766572c00c000100ff000000000000c087000100010000003c0004c0000203c087001c00010000003c001020010db80000000000000000000000010f5f646e732d6661696c6f7665722d61086661696c6f766572c00c001000010000003c00201f646e732d6661696c6f76657220763d31206f7572733d3139322e302e322e33'
const keyName = '036b6579076578616d706c65036e65740000fa00ff00000000'

/** Sent over TCP by nsupdate of BIND 9.18 and knsupdate of Knot 3.2 for this script: id, message, key, TSIG data. */
export const captured: readonly Captured[] = [
  { tool: 'nsupdate', algorithm: 'hmac-sha256', hex: `4ed0${nsupdateBody}${keyName}003d0b686d61632d7368613235360000006b02dd19012c0020c93db54a60ef17d0b1d9aa09f76ff29855db2174e607890d925b6e042e7d353e4ed000000000` },
  { tool: 'knsupdate', algorithm: 'hmac-sha256', hex: `c7f1${knsupdateBody}${keyName}003d0b686d61632d7368613235360000006b02dd19012c002084b215af4fb9c1dbfd306f298a123efc8c2c6adccc12368fd13e82f1d250c125c7f100000000` },
  { tool: 'nsupdate', algorithm: 'hmac-sha384', hex: `9b5f${nsupdateBody}${keyName}004d0b686d61632d7368613338340000006b02dd19012c0030510499c7d6ccc5b11066eadc696e8ef9cf38db9545fe6177157725ae16d5d379eed9407d55cce89d42b4348e5d9637019b5f00000000` },
  { tool: 'knsupdate', algorithm: 'hmac-sha384', hex: `0e9a${knsupdateBody}${keyName}004d0b686d61632d7368613338340000006b02dd19012c0030bbb07c67637f2e5a3dc3279978a7d4f32599fdfbce44a74ab90abc4dc944ed96c74d70ac7fc254e7c11fc27f526036880e9a00000000` },
  { tool: 'nsupdate', algorithm: 'hmac-sha512', hex: `1710${nsupdateBody}${keyName}005d0b686d61632d7368613531320000006b02dd19012c00406d29f4ebb4e1c221f05dffca95e23068f6ede927b54b0be04a6bcbfbf2623cb3724e3f7b9a65e7c8a1b32515e085cba369f16157f653a50fc88e11a4d8f37353171000000000` },
  { tool: 'knsupdate', algorithm: 'hmac-sha512', hex: `7691${knsupdateBody}${keyName}005d0b686d61632d7368613531320000006b02dd1a012c0040473503ce051ea3c27b1db07b465aab128c4243f3d33039151cdf0839e247414ded2d7c77d539f328b01327483b16f53f3781b70a3a2770c400048d8e468f0a4f769100000000` },
]
