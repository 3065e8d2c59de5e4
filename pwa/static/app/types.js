// The shapes that travel between the rooms of the app. Nothing runs here.

/**
 * What a device's clocks said: `wall` its calendar clock (RFC 3339), `mono` milliseconds since `run` began.
 * @typedef {{wall: string, mono: number, run: string}} Reading
 */

/** @typedef {{id: string, username: string, name: string, role: string}} Person */
/** @typedef {{id: string, name: string}} Device */

/**
 * Who works on this phone; `ended` where the server wants the password again, and `why` it said that it ended the
 * session (`password_changed`, …), null where it did not say. Nothing is lost by that: the app goes on recording.
 * @typedef {{person: Person, device: Device, feeds: string[], ended: boolean, why: string | null}} Session
 */

/**
 * Where a person is known, as GET /sessions has it: a phone by its device's id, or a browser that is signed in to the
 * office. `last_order`: the number of the order that a phone last wrote on.
 * @typedef {{id: string, kind: 'phone' | 'office', name: string | null, mark: string, known_since: string,
 *   last_seen_at: string | null, last_order: string | null, is_present: boolean, is_signed_in: boolean,
 *   is_revoked: boolean}} Known
 */

/** `left_off` more are not shown. @typedef {{items: Known[], left_off: number}} OwnSessions */

/** @typedef {Record<string, any>} Json  any: the data of an operation or document; the protocol names its fields */

/**
 * What a screen wants recorded. `id` and `seen` are filled in where absent.
 * @typedef {{kind: string, target: string, data: Json, id?: string, seen?: number}} NewOperation
 */

/**
 * A line of the ledger, as it is sent. `target` and `seen` are absent where the line has none.
 * @typedef {{v: 1, id: string, device: string, seq: number, prev: string, at: Reading, kind: string,
 *   target?: string, seen?: number, data: Json}} Line
 */

/**
 * A line as it is kept: `text` is the line itself and never changes. The other fields repeat what stands in it.
 * @typedef {{device: string, seq: number, id: string, kind: string, target: string | null, written_at: string,
 *   text: string}} KeptLine
 */

/**
 * What became of a line: `outcome` as the server told it, null for an anchor; `settled_at` by the server's clock;
 * `carried` where the line was written again in the ledger of a new device; `held` is 1 where the server holds the
 * operation, and absent elsewhere.
 * @typedef {{device: string, seq: number, id: string, settled_at: string | undefined, carried: boolean, held?: 1,
 *   outcome: Outcome | null}} Receipt
 */

/**
 * @typedef {{id: string, seq: number, status: 'applied' | 'merged' | 'conflict' | 'held', repeated: boolean,
 *   document: {type: string, id: string, version: number} | null, reason: string | null, detail: Json | null}} Outcome
 */

/**
 * The head of the ledger and the key that signs it.
 * @typedef {{device: string, name: string, public_key: JsonWebKey, private_key: CryptoKey, seq: number, hash: string,
 *   acknowledged: number, anchor: {token: string, received: Reading} | null}} Ledger
 */

/**
 * A photo that goes with an operation; `photo` is the id that the operation names, `target` the work order.
 * @typedef {{sha256: string, blob: Blob, photo: string, target: string, media_type: string, size: number}} NewPhoto
 */

/** @typedef {{sha256: string, blob: Blob, media_type: string, size: number, kept_at: string}} KeptPhoto */

/**
 * How far a photo's bytes are on their way. `url` is where its upload goes on, `sent` how many bytes the server has,
 * `stored_at` the newest time of the server's clock that was known when it had them all, `failed` counts the tries that
 * failed since.
 * @typedef {{sha256: string, size: number, media_type: string, uses: {photo: string, target: string}[],
 *   state: 'waiting' | 'sending' | 'stored' | 'rejected', preview: 'waiting' | 'sent' | 'unneeded',
 *   url: string | null, sent: number, stored_at: string | null, code: string | null, failed?: number}} Delivery
 */

/**
 * A document as the server gave it, with the seal under which it can be given back. `gone` says why it left this
 * person's sight, while something unsent still needs it, or since `gone_at`, where something was begun on it, so that
 * it can be ended and found for a day; `gone_to` who has it now; `stale` marks what its feed, sent from the start, has
 * not carried yet.
 * @typedef {{type: string, id: string, version: number, seal?: string, body: Json, feed: string, gone: string | null,
 *   gone_at?: string | null, gone_to?: string[], stale: boolean}} KeptDocument
 */

/** @typedef {{id: string, version: number, body: Json}} Document */

/**
 * A work order as it is shown: the server's document with the unacknowledged lines applied on top. `version` is 0
 * for one that the server has not seen; `waiting` counts its unsent lines and photos.
 * @typedef {{id: string, version: number, body: Json, waiting: number, gone: string | null, gone_to?: string[]}} Order
 */

/**
 * How far a feed has been read. `holds`: how many documents the server says are in it; `asked_again`: fewer were found
 * here, and it was asked for from the start.
 * @typedef {{feed: string, cursor: number, resetting: boolean, holds?: number, asked_again?: boolean}} FeedCursor
 */

/**
 * @typedef {{last_contact: string | null, last_all_safe: string | null, state: 'idle' | 'sending' | 'waiting' |
 *   'failed', code: string | null, next_try_at: string | null}} Contact
 */

/**
 * How much is on this phone alone: `lines` and `photos` that will be sent, and `shut_out` lines of devices that the
 * office has revoked, which only an export file can hand in; `bytes` of all of it.
 * @typedef {{lines: number, photos: number, bytes: number, shut_out: number}} Unsent
 */

/** A device that the office has revoked, and how many of its lines are on this phone alone.
 * @typedef {{device: string, lines: OutboxItem[]}} ShutOut */

/**
 * One unsent thing. `photo` is the photo's id, `sent` counts the bytes that the server has already.
 * @typedef {{what: 'line' | 'photo', kind: string, target: string | null, at: string,
 *   state: 'waiting' | 'sending' | 'rejected', bytes: number, sent: number, id: string, photo?: string, sha256?:
 *   string, code?: string}} OutboxItem
 */

/** An operation that the server keeps for a supervisor to decide. @typedef {{id: string, kind: string,
 *   target: string | null, at: string, reason: string, device: string | null}} HeldItem */

/**
 * What became of a held operation in the end; `by` is null where it could be applied by itself.
 * @typedef {{id: string, kind: string, target: string | null, state: 'applied' | 'dismissed', by: string | null,
 *   at: string, comment: string | null}} DecidedItem
 */

/**
 * @typedef {{latitude: number, longitude: number, accuracy_m: number, altitude_m?: number, speed_mps?: number,
 *   heading_deg?: number, fixed_at: string, age_s: number}} Position
 */

export {};
