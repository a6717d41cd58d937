// A list of the back office, made from its definition: what the page shows (loader) and what its forms ask for (action).
import type { ActionFunctionArgs } from 'react-router'
import type { App } from '#flows/app.ts'
import { startBulkAction } from '#flows/lists/bulk-action.ts'
import { requestListExport } from '#flows/lists/export-list.ts'
import { forgetSavedList, saveListAs } from '#flows/lists/save-list.ts'
import { Outage, Refusal } from '#kernel/failure.ts'
import { mayDo, type Staff } from '#modules/users'
import { problemOf } from '#platform/http.ts'
import { findParty } from '#views/accounts/find-party.ts'
import { type Ask, askOf, pageSizes, queryOf, shownColumns } from '#views/lists/ask.ts'
import type { AnyList, Choice, Column, Filter, ListDefinition } from '#views/lists/list.ts'
import { hintOf, offersOf, readList } from '#views/lists/read-list.ts'
import { viewSavedLists } from '#views/lists/saved-lists.ts'
import { answerForm, done, textOf, textsOf } from '#web/forms.ts'
import { type Ask as Asked, deskOf, formAtDesk } from './desk.ts'
import { changesShown } from './history-words.ts'
import type { DeskAction } from './list-actions.ts'
import { shownValue } from './list-values.ts'
import type { BulkReport, CellView, FilterView, ListView } from './list-view.ts'

export async function listAtDesk<Item extends { readonly id: string }>(
  args: Asked,
  list: ListDefinition<Item>,
  actions: readonly DeskAction<Item>[] = [],
): Promise<ListView> {
  const { app, actor } = deskOf(args)
  const ask = askOf(list, args.url.searchParams)
  const narrowed = ask.filters['account'] ?? ask.filters['parent']
  const [page, saved, party, offers] = await Promise.all([
    readList(app.db, actor, list, ask),
    viewSavedLists(app.db, actor, { list: list.name }),
    findParty(app.db, actor, narrowed?.kind === 'record' ? narrowed.value : undefined),
    offersOf(app.db, list),
  ])
  const columns = shownColumns(list, ask)
  const query = queryOf(list, ask)
  const allowed = actions.filter(({ right }) => mayDo(actor, right))
  return {
    name: list.name,
    title: list.title,
    searches: list.searches,
    hint: hintOf(list, ask),
    query,
    sort: ask.sort,
    isNarrowed: ask.q !== undefined || Object.keys(ask.filters).length > 0,
    columns: columns.map((name) => headOf(name, list.columns[name] as Column<Item>)),
    choosable: Object.entries(list.columns).map(([name, { label }], index) => ({
      name,
      label,
      isShown: columns.includes(name),
      isFixed: index === 0,
    })),
    rows: page.items.map((item) => ({
      id: item.id,
      cells: columns.map((name) => cellOf(list.columns[name] as Column<Item>, item)),
      key: keyOf(list, item),
      name: nameOf(list, item),
      buttons: allowed
        .filter(({ hasButton }) => hasButton?.(item))
        .map(({ intent, label }) => ({ intent, label })),
    })),
    actions: allowed.map(({ intent, label, asksReason }) => ({ intent, label, asksReason })),
    next: page.next,
    previous: page.previous,
    rowsPerPage: ask.limit,
    pageSizes: [...pageSizes],
    ...filtersOf(list, ask, party?.name, offers),
    saved: saved.map(({ id, name, query: kept }) => ({ id, name, query: kept, isCurrent: kept === query })),
  }
}

/** The forms that every list has, and its actions on rows. */
export async function actAtList<Item>(
  args: ActionFunctionArgs,
  list: AnyList,
  actions: readonly DeskAction<Item>[] = [],
) {
  const { app, actor, form } = await formAtDesk(args)
  const query = queryOf(list, askOf(list, args.url.searchParams))
  const back = list.path + (query ? `?${query}` : '')
  return answerForm(form, async () => {
    const [ofRow, key] = splitAt(textOf(form, 'row'), ' ')
    const intent = ofRow || textOf(form, 'intent')
    if (intent === 'save-list') {
      const { name } = await saveListAs(app, actor, { list: list.name, name: textOf(form, 'name'), query })
      return done(back, `“${name}” is saved.`)
    }
    if (intent === 'forget-list') {
      await forgetSavedList(app, actor, { id: textOf(form, 'id') })
      return done(back, 'The saved filter is gone.')
    }
    if (intent === 'export-csv' || intent === 'export-xlsx') {
      const format = intent === 'export-csv' ? 'csv' : 'xlsx'
      await requestListExport(app, actor, { list: list.name, query, format })
      return done('/exports', 'The file is being written. You may leave this page and come back.')
    }
    const reason = textOf(form, 'reason')
    const action = actions.find((each) => each.intent === intent)
    if (!action) throw new Refusal('input/unknown-intent', 'This form asks for nothing this list can do.')
    if (textOf(form, 'all')) {
      const { id } = await startBulkAction(app, actor, {
        list: list.name,
        query,
        action: action.intent,
        reason,
      })
      return done(`/bulk-actions/${id}`, 'It goes on by itself. You may leave this page and come back.')
    }
    if (ofRow) {
      await action.run(app, actor, splitAt(key, '|')[0], reason)
      return done(back, action.done)
    }
    return { report: await reportOf(app, actor, action, textsOf(form, 'keys'), reason) }
  })
}

/** Does it to one row after the other; what the rules or the world refuse is said of that row, a bug ends everything. */
async function reportOf<Item>(
  app: App,
  actor: Staff,
  action: DeskAction<Item>,
  keys: readonly string[],
  reason: string,
): Promise<BulkReport> {
  if (keys.length === 0)
    throw new Refusal('input/nothing-chosen', 'Tick the rows first that it is meant for.')
  const rows: BulkReport['rows'][number][] = []
  for (const each of keys.slice(0, MOST_AT_ONCE)) {
    const [key, name] = splitAt(each, '|')
    try {
      await action.run(app, actor, key, reason)
      rows.push({ name, isDone: true, text: action.done })
    } catch (error) {
      if (!(error instanceof Refusal || error instanceof Outage)) throw error
      rows.push({ name, isDone: false, text: problemOf(error).detail })
    }
  }
  return { label: action.label, rows }
}

/** No page holds more rows. */
const MOST_AT_ONCE = 100

/** What its form sends of a row: what the flow is told, and how the report names it. */
function keyOf<Item extends { readonly id: string }>(list: ListDefinition<Item>, item: Item): string {
  return `${list.key?.(item) ?? item.id}|${nameOf(list, item)}`
}

function nameOf<Item extends { readonly id: string }>(list: ListDefinition<Item>, item: Item): string {
  const naming = list.columns[list.naming ?? Object.keys(list.columns)[0] ?? '']
  return naming ? shownValue(naming.value(item)) : ''
}

function splitAt(text: string, sign: string): [before: string, behind: string] {
  const at = text.indexOf(sign)
  return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)]
}

export function headOf(name: string, column: Column<never>) {
  const { label, kind, sort } = column
  return { name, label, sort, isNumeric: kind === 'money' || kind === 'number' }
}

/** A text of more letters than this is a sentence rather than a name. */
const LONG = 50

export function cellOf<Item>(column: Column<Item>, item: Item): CellView {
  const changed = column.changes?.(item)
  if (changed) return { text: '', changes: changesShown(changed.before, changed.after, changed.names) }
  const text = shownValue(column.value(item))
  if (text === '') return { text, note: column.note?.(item) }
  return {
    text,
    to: column.to?.(item),
    note: column.note?.(item),
    look:
      column.kind === 'state' || column.kind === 'code' || column.kind === 'moment'
        ? column.kind
        : text.length > LONG
          ? 'sentence'
          : undefined,
    // Amounts, days and numbers of records: short, and read as one word.
    keepsTogether: ['day', 'money'].includes(column.kind) || /^\S{1,24}$/.test(text) || undefined,
  }
}

function filtersOf(
  list: AnyList,
  ask: Ask,
  party: string | undefined,
  offers: Readonly<Record<string, readonly Choice[]>>,
): Pick<ListView, 'main' | 'filters' | 'chips'> {
  const filters: FilterView[] = []
  const chips: ListView['chips'][number][] = []
  let main: ListView['main']
  for (const [name, filter] of Object.entries<Filter>(list.filters)) {
    const asked = ask.filters[name]
    if (filter.kind === 'choice') {
      const value = asked?.kind === 'choice' ? asked.value : ''
      const choices = [...filter.choices]
      if (filter.isMain) main = { name, label: filter.label, choices, value }
      else filters.push({ kind: 'choice', name, label: filter.label, choices, value })
      const word = choices.find((choice) => choice.value === value)?.label
      if (word && !filter.isMain) chips.push({ names: [name], text: `${filter.label}: ${word}` })
    } else if (filter.kind === 'days') {
      const days = asked?.kind === 'days' ? asked : undefined
      const [from, to] = [days?.from?.toString() ?? '', days?.to?.toString() ?? '']
      filters.push({ kind: 'days', name, label: filter.label, from, to })
      if (days)
        chips.push({
          names: [`${name}From`, `${name}To`],
          text: `${filter.label} ${spanWords(days.from, days.to)}`,
        })
    } else {
      const [choices, value] = [[...(offers[name] ?? [])], asked?.kind === 'record' ? asked.value : '']
      if (filter.searches)
        filters.push({
          kind: 'account',
          name,
          label: filter.label,
          value: party ? value : '',
          valueName: party ?? '',
        })
      if (choices.length > 0) filters.push({ kind: 'choice', name, label: filter.label, choices, value })
      const offered = choices.find((choice) => choice.value === value)?.label
      if (value)
        chips.push({
          names: [name],
          text: offered ? `${filter.label}: ${offered}` : (recordWords(name, party) ?? filter.label),
        })
    }
  }
  return { main, filters, chips }
}

function recordWords(filter: string, party: string | undefined): string | undefined {
  if (!party) return undefined
  if (filter === 'parent') return `Customers of ${party}`
  return filter === 'account' ? party : undefined
}

function spanWords(from: Temporal.PlainDate | undefined, to: Temporal.PlainDate | undefined): string {
  const [begins, ends] = [shownValue(from), shownValue(to)]
  if (from && to) return from.equals(to) ? `on ${begins}` : `${begins} to ${ends}`
  return from ? `since ${begins}` : `until ${ends}`
}
