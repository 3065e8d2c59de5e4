/**
 * The work order as the screens read it. Everything may be absent in an order that was opened on this phone a moment
 * ago.
 *
 * @typedef {import("../../types.js").Json} Json
 * @typedef {{to: string, at: string, by: string, reason?: string | null}} StageFact
 * @typedef {{id: string, by: string, position: import("../../types.js").Position | null, why_none?: string | null,
 *   time?: {best?: string, earliest?: string, latest?: string, grade?: string} | null,
 *   place?: {answer: string, distance_m: number, accuracy_m: number | null} | null,
 *   reasons?: {code: string}[], verdict?: string, punctual?: string}} Presence
 * @typedef {{id: string, by: string, sha256: string, size: number, media_type: string, purpose: string, caption?:
 *   string | null, state: "missing" | "preview" | "stored" | "rejected", rejected_because?: string, removed?: boolean,
 *   taken_at: string, position?: Json | null, lost?: {by: string, at: string} | null}} PhotoRecord
 * @typedef {{line: string, part?: string | null, name: string, unit: string, quantity: string, unit_price: number,
 *   source?: string, serial?: string | null, method?: string | null, removed?: boolean}} UsedLine
 * @typedef {{id: string, field: string, base?: unknown, kept: {value: unknown, by: string, at: string}, other: {value:
 *   unknown, by: string, at: string}, settled: Json | null}} Conflict
 * @typedef {{id: string, signer: {name: string, role: string}, state: string, differs?: string[], report?: Json}}
 *   Signature
 * @typedef {{covered: boolean | null, why: {code: string} & Json, lines: {line: string, price: number, amount:
 *   number}[], materials: number, labour: number, total: number, currency: string}} Charge
 *
 * @typedef {object} WorkOrder
 * @property {string} [number]
 * @property {string} kind
 * @property {string} stage
 * @property {string} [disposition]
 * @property {string} [priority]
 * @property {{start: string, end: string} | null} [window]
 * @property {{contact_by?: string | null, arrive_by?: string | null, repair_by?: string | null}} [deadlines]
 * @property {string} [instructions]
 * @property {string} [reported_at]
 * @property {{at: string, by: string}} [opened]
 * @property {string} [fault]
 * @property {string} [requests]
 * @property {{name?: string, phone?: string}} [contact]
 * @property {string} [cause]
 * @property {string} [diagnosis]
 * @property {string} [work_done]
 * @property {string} [initials]
 * @property {StageFact[]} [stages]
 * @property {Presence[]} [arrivals]
 * @property {Presence[]} [departures]
 * @property {PhotoRecord[]} [photos]
 * @property {UsedLine[]} [materials]
 * @property {UsedLine[]} [labour]
 * @property {Signature[]} [signatures]
 * @property {{reason: string, comment?: string | null, at: string}[]} [refusals]
 * @property {{lists?: string[], answers?: Record<string, {value: unknown, by: string, at: string}>}} [checklist]
 * @property {{covered: boolean | null, until?: string | null, why: {code: string} & Json}} [warranty]
 * @property {Charge | null} [charge]
 * @property {{code: string}[]} [flags]
 * @property {Conflict[]} [conflicts]
 * @property {{state: string, comment?: string | null}} [review]
 * @property {{id: string, name: string, number?: string} | null} [customer]
 * @property {{id: string, name: string, number?: string, address?: string, radius_m?: number, access?: string | null,
 *   position?: {latitude: number, longitude: number, datum?: string | null, wgs84?: {latitude: number, longitude:
 *   number}[]} | null} | null} [site]
 * @property {{id: string, name: string, number?: string, brand?: string | null, model?: string | null, serial?: string
 *   | null, jobs?: {number: string, fault: string, reported_at: string}[]} | null} [asset]
 * @property {Json} [terms]
 */

/**
 * @typedef {{id: string, version: number, body: WorkOrder, waiting: number, gone: string | null, gone_to?: string[]}}
 *   ShownOrder
 */

export {};
