/** The monitors whose deliveries are understood; `json` is our own format. */
export type WebhookType = 'json' | 'uptime-kuma' | 'gatus' | 'alertmanager' | 'grafana' | 'healthchecks'

/** A text that is only looked at where it is put to use. */
export interface Hidden {
  reveal(): string
}

/** An outside monitor, as far as its deliveries are concerned. */
export interface WebhookSource {
  readonly name: string
  readonly type: WebhookType
  /** Undefined: only who has proven otherwise that he may speak for it gets in. */
  readonly token: Hidden | undefined
  /** The key of the HMAC-SHA256 that every delivery must then carry. */
  readonly secret: Hidden | undefined
  /** None, for `json`: site and region stand in the payload. */
  readonly rules: readonly WebhookRule[]
}

/** Which site and region a monitor's word is on. */
export interface WebhookRule {
  /** By the name of a field: the text that it must be, `*` for any run of characters. All must fit. */
  readonly when: Readonly<Record<string, string>>
  /** May name fields: `{labels.site}`. */
  readonly site: string
  readonly region: string
}

/** What came in, with the names of its headers in lower case. */
export interface Delivery {
  readonly headers: Readonly<Record<string, string | undefined>>
  readonly body: Uint8Array
  /** An API token with the scope `webhook:NAME` came along: it stands for the source's own. */
  readonly isBearerProven: boolean
}

/** Why a delivery is not taken: nothing of it has any effect. The text holds no secret and can be shown. */
export interface Refusal {
  readonly kind: 'refused'
  readonly status: 400 | 401 | 403 | 409 | 413 | 415 | 422 | 429
  readonly code: RefusalCode
  readonly text: string
}

export type RefusalCode =
  /** The bearer is missing or wrong. */
  | 'bad-bearer'
  /** The signature or its timestamp is missing or wrong. */
  | 'bad-signature'
  /** Rightly signed, but outside the window, or before the start of this program. */
  | 'stale'
  | 'replayed'
  /** More signed deliveries than are remembered. */
  | 'too-many'
  | 'too-large'
  | 'not-json'
  | 'malformed'
  /** It happens in the future. */
  | 'bad-time'
  | 'no-rule'
  /** The rule that fits names a field that the delivery does not have. */
  | 'missing-field'
  /** What a rule makes of the fields cannot be a name. */
  | 'bad-name'
