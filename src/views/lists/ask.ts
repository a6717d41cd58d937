// What an address asks of a list, and back: `?q=…&filter=trouble&placedFrom=2026-11-01&sort=-total&columns=customer,total`.
// An address may say anything: what the list does not offer is as if it were not there.
import type { AnyList } from './list.ts'

export type Ask = {
  readonly q?: string | undefined
  /** By name of the filter; of days `[from, to]`. */
  readonly filters: Readonly<Record<string, Asked>>
  readonly sort: string
  /** The chosen columns in their order; undefined: those the list shows by itself. */
  readonly columns?: readonly string[] | undefined
  readonly cursor?: string | undefined
  readonly limit: number
}

export type Asked =
  | { readonly kind: 'choice' | 'record'; readonly value: string }
  | {
      readonly kind: 'days'
      readonly from: Temporal.PlainDate | undefined
      readonly to: Temporal.PlainDate | undefined
    }

export const pageSizes = [25, 50, 100] as const

export function askOf(list: AnyList, search: URLSearchParams): Ask {
  const filters: Record<string, Asked> = {}
  for (const name of Object.keys(list.filters)) {
    const asked = askedFilter(list, name, search)
    if (asked) filters[name] = asked
  }
  const rows = Number(search.get('rows'))
  return {
    q: search.get('q')?.trim().slice(0, 200) || undefined,
    filters,
    sort: sortOf(list, search.get('sort'), filters),
    columns: columnsOf(list, search),
    cursor: search.get('cursor') || undefined,
    limit: pageSizes.find((size) => size === rows) ?? pageSizes[0],
  }
}

export function sortOf(
  list: AnyList,
  asked: string | null | undefined,
  filters: Ask['filters'] = {},
): string {
  return asked && Object.hasOwn(list.sorts, asked.replace(/^-/, '')) ? asked : usualSort(list, filters)
}

/** Days that are asked for sort the list as well. */
function usualSort(list: AnyList, filters: Ask['filters']): string {
  for (const [name, { kind }] of Object.entries(filters)) {
    const filter = list.filters[name]
    if (kind === 'days' && filter?.kind === 'days' && filter.sort) return `-${filter.sort}`
  }
  return list.defaultSort
}

function askedFilter(list: AnyList, name: string, search: URLSearchParams): Asked | undefined {
  const filter = list.filters[name]
  if (filter?.kind === 'days') {
    const [from, to] = [dayOf(search.get(`${name}From`)), dayOf(search.get(`${name}To`))]
    return from || to ? { kind: 'days', from, to } : undefined
  }
  const value = search.get(name)
  if (!value) return undefined
  if (filter?.kind === 'record') return { kind: 'record', value }
  const isOffered = filter?.choices.some((choice) => choice.value === value)
  return isOffered ? { kind: 'choice', value } : undefined
}

function dayOf(text: string | null): Temporal.PlainDate | undefined {
  if (!text || !/^\d{4}-\d\d-\d\d$/.test(text)) return undefined
  try {
    return Temporal.PlainDate.from(text)
  } catch {
    return undefined
  }
}

/** A form of ticked boxes sends each column, a link all of them in one word. The first column names the row and always stays. */
function columnsOf(list: AnyList, search: URLSearchParams): string[] | undefined {
  const asked = new Set(search.getAll('columns').flatMap((text) => text.split(',')))
  const all = Object.keys(list.columns)
  const chosen = all.filter((name, index) => index === 0 || asked.has(name))
  return asked.size > 0 && chosen.length > 1 ? chosen : undefined
}

export function shownColumns(list: AnyList, ask: Pick<Ask, 'columns'>): string[] {
  return [...(ask.columns ?? Object.keys(list.columns).filter((name) => !list.columns[name]?.isExtra))]
}

/** The address of a list without the page it is at: what a saved filter keeps and an export repeats. */
export function queryOf(list: AnyList, ask: Ask): string {
  const search = new URLSearchParams()
  if (ask.q) search.set('q', ask.q)
  for (const [name, asked] of Object.entries(ask.filters)) {
    if (asked.kind !== 'days') search.set(name, asked.value)
    else {
      if (asked.from) search.set(`${name}From`, asked.from.toString())
      if (asked.to) search.set(`${name}To`, asked.to.toString())
    }
  }
  if (ask.sort !== usualSort(list, ask.filters)) search.set('sort', ask.sort)
  if (ask.columns) search.set('columns', ask.columns.join(','))
  if (ask.limit !== pageSizes[0]) search.set('rows', String(ask.limit))
  return search.toString()
}

/** What other callers than an address ask: `{ q, filters: { account: id } }`, undefined left out. */
export function askFor(
  list: AnyList,
  asked: {
    readonly q?: string | undefined
    readonly filters?: Readonly<Record<string, string | undefined>>
    readonly days?: Readonly<
      Record<string, { from?: Temporal.PlainDate | undefined; to?: Temporal.PlainDate | undefined }>
    >
    readonly sort?: string | undefined
    readonly cursor?: string | undefined
    readonly limit: number
  },
): Ask {
  const filters = Object.entries(asked.filters ?? {}).flatMap(([name, value]) =>
    value
      ? [[name, { kind: list.filters[name]?.kind === 'record' ? 'record' : 'choice', value }] as const]
      : [],
  )
  const days = Object.entries(asked.days ?? {}).flatMap(([name, { from, to }]) =>
    from || to ? [[name, { kind: 'days', from, to }] as const] : [],
  )
  return {
    q: asked.q?.trim() || undefined,
    filters: Object.fromEntries([...filters, ...days]),
    sort: sortOf(list, asked.sort),
    cursor: asked.cursor,
    limit: asked.limit,
  }
}
