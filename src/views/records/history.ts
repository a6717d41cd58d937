// The history of a record: its entries of the audit log, for whoever may see the record. Costs stay with those who may see costs.
import { isId } from '#kernel/ids.ts'
import type { AuditEntry, Facts } from '#modules/audit'
import { nameIds } from '#modules/records'
import { type Actor, mayDo } from '#modules/users'
import type { Sql } from '#platform/db.ts'

/** `part`: what was changed, where that is a part of the record the history is of. `names`: of the ids among the values. */
export type HistoryEntry = AuditEntry & {
  readonly part?: RecordPart | undefined
  readonly names?: ReadonlyMap<string, string> | undefined
}

/** A plan of a product, as the vendor calls it. */
export type RecordPart = { readonly name: string; readonly sku: string }

export type PartOf = RecordPart & { readonly id: string }

/** A product's plans: what is changed of them stands in its history. */
export function listParts(sql: Sql, kind: string, id: string): Promise<PartOf[]> {
  return kind === 'product' && isId(id)
    ? sql.many<PartOf>`select id, vendor_name as name, sku from plan where product_id = ${id}`
    : Promise.resolve([])
}

export function withPart(entry: AuditEntry, parts: readonly PartOf[]): HistoryEntry {
  const part = entry.subjectType === 'plan' ? parts.find(({ id }) => id === entry.subjectId) : undefined
  return { ...entry, part: part && { name: part.name, sku: part.sku } }
}

const ids = /"([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})"/g

/** With the names of the records their values mean: people read no ids. No statement where there are none. */
export async function withNames<Entry extends { readonly before: unknown; readonly after: unknown }>(
  sql: Sql,
  entries: readonly Entry[],
): Promise<(Entry & { readonly names: ReadonlyMap<string, string> })[]> {
  const values = JSON.stringify(entries.map(({ before, after }) => [before, after]))
  const meant = new Set([...values.matchAll(ids)].flatMap(([, id]) => id ?? []))
  const names = meant.size === 0 ? new Map<string, string>() : await nameIds(sql, [...meant])
  return entries.map((entry) => ({ ...entry, names }))
}

const costly = /cost|margin/i

/** An entry as this person may read it. Secrets are in none; the log never kept them. */
export function readableBy(actor: Actor, entry: AuditEntry): AuditEntry {
  if (mayDo(actor, 'see-costs')) return entry
  return {
    ...entry,
    before: entry.before && withoutCosts(entry.before),
    after: entry.after && withoutCosts(entry.after),
  }
}

export function withoutCosts(facts: Facts): Facts {
  return cut(facts) as Facts
}

function cut(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(cut)
  if (typeof value !== 'object' || value === null) return value
  const kept = Object.entries(value).filter(([name]) => !costly.test(name))
  return Object.fromEntries(kept.map(([name, each]) => [name, cut(each)]))
}
