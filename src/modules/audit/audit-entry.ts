// An entry of the audit log: who changed what, when, from what to what. It never holds a secret, whatever it is handed.
import { type Id, newId, type UserId } from '#kernel/ids.ts'

export type AuditEntryId = Id<'audit entry'>

/** Who did it; an Actor of the users module is one. */
export type Who =
  | { readonly kind: 'staff'; readonly userId: UserId; readonly name: string }
  | { readonly kind: 'portal'; readonly userId: UserId; readonly name: string; readonly accountId: string }
  | { readonly kind: 'system'; readonly name: string }

export type Facts = Readonly<Record<string, unknown>>

export type AuditEntry = {
  readonly id: AuditEntryId
  readonly at: Temporal.Instant
  readonly userId: UserId | undefined
  readonly actor: string
  /** Noun and verb: `account/changed`. */
  readonly action: string
  readonly subjectType: string
  readonly subjectId: string
  /** Whose log it is in: somebody of a portal writes into its own company's, the seller into that of the account it is about. */
  readonly accountId: string | undefined
  readonly before: Facts | undefined
  readonly after: Facts | undefined
}

export type AuditInput = {
  readonly at: Temporal.Instant
  readonly actor: Who
  readonly action: string
  readonly subjectType: string
  readonly subjectId: string
  readonly accountId?: string | undefined
  readonly before?: Facts | undefined
  readonly after?: Facts | undefined
}

const secretNames =
  /pass(word|phrase)|secret|token$|cipher|hash$|^(key|apiKey|licenceKey|privateKey|pfx|cookie|authorization|certificate)$|activationLink/i

const CUT = '(not kept)'

/** A copy that is plain JSON, with everything cut that carries a secret's name. */
export function withoutSecrets(facts: Facts): Facts {
  return plain(facts) as Facts
}

function plain(value: unknown): unknown {
  if (typeof value === 'bigint') return value.toString()
  if (value instanceof Uint8Array) return CUT
  if (Array.isArray(value)) return value.map(plain)
  if (typeof value !== 'object' || value === null) return value
  if ('toJSON' in value && typeof value.toJSON === 'function') return value.toJSON()
  const entries = Object.entries(value).filter(([, each]) => each !== undefined)
  return Object.fromEntries(entries.map(([name, each]) => [name, secretNames.test(name) ? CUT : plain(each)]))
}

/** Only the fields that differ, before and after; what is absent on one side is null there. */
export function differences(before: Facts, after: Facts): { before: Facts; after: Facts } {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])]
  const text = (value: unknown) => JSON.stringify(plain(value) ?? null)
  const changed = names.filter((name) => text(before[name]) !== text(after[name]))
  const of = (facts: Facts) => Object.fromEntries(changed.map((name) => [name, facts[name] ?? null]))
  return { before: of(before), after: of(after) }
}

export function auditEntry(input: AuditInput): AuditEntry {
  const { actor } = input
  return {
    id: newId(),
    at: input.at,
    userId: actor.kind === 'system' ? undefined : actor.userId,
    actor: actor.name,
    action: input.action,
    subjectType: input.subjectType,
    subjectId: input.subjectId,
    accountId: actor.kind === 'portal' ? actor.accountId : input.accountId,
    before: input.before && withoutSecrets(input.before),
    after: input.after && withoutSecrets(input.after),
  }
}
