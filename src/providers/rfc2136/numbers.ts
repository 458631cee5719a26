/** The numbers of the DNS that dynamic updates need (IANA "Domain Name System (DNS) Parameters"). */
export const recordType = { A: 1, NS: 2, CNAME: 5, SOA: 6, TXT: 16, AAAA: 28, DNAME: 39, TSIG: 250, ANY: 255 } as const

/** NONE and ANY are the update message's way to say "no such" and "any" (RFC 2136 section 1.2). */
export const recordClass = { IN: 1, NONE: 254, ANY: 255 } as const

export const opcode = { QUERY: 0, UPDATE: 5 } as const

export const rcode = {
  NOERROR: 0,
  FORMERR: 1,
  SERVFAIL: 2,
  NXDOMAIN: 3,
  NOTIMP: 4,
  REFUSED: 5,
  YXDOMAIN: 6,
  YXRRSET: 7,
  NXRRSET: 8,
  NOTAUTH: 9,
  NOTZONE: 10,
} as const

/** Errors inside a TSIG record (RFC 8945 section 3), which share the number space of rcodes but not the meaning of 16. */
export const tsigError = { BADSIG: 16, BADKEY: 17, BADTIME: 18, BADTRUNC: 22 } as const

const nameIn = (table: Readonly<Record<string, number>>, code: number): string | undefined =>
  Object.entries(table).find(([, number]) => number === code)?.[0]

/** `REFUSED`, or `RCODE11` for one without a name. */
export const rcodeText = (code: number): string => nameIn(rcode, code) ?? `RCODE${code}`

/** `BADKEY`, or `TSIG error 23` for one without a name. */
export const tsigErrorText = (code: number): string => nameIn(tsigError, code) ?? nameIn(rcode, code) ?? `TSIG error ${code}`
