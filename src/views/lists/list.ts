// What a list is: one definition per entity says its columns, its sorts, its filters and what its search looks into. From it come
// the page of the back office, the API's list, the export and the benchmark, so that none can offer what another does not know.
//
// Every statement behind a list has two halves. The first finds the ids of a page: conditions, an order, a place to go on from.
// The second reads those rows with everything that is shown of them. So only one short row of each record is ever sorted.
import type { Money } from '#kernel/money.ts'
import type { Facts } from '#modules/audit'
import type { Actor, Right } from '#modules/users'
import type { Sql } from '#platform/db.ts'

/** What a cell holds, before anybody formats it for a screen or a spreadsheet. */
export type Value = string | number | bigint | Money | Temporal.Instant | Temporal.PlainDate | undefined

export type ColumnKind = 'text' | 'code' | 'state' | 'number' | 'money' | 'moment' | 'day'

export type Column<Item> = {
  readonly label: string
  readonly kind: ColumnKind
  readonly value: (item: Item) => Value
  /** Of an entry of the audit log: what screens show field by field instead of the value. */
  readonly changes?: (item: Item) => {
    readonly before: Facts | undefined
    readonly after: Facts | undefined
    /** Of the ids among the values. */
    readonly names?: ReadonlyMap<string, string> | undefined
  }
  /** Where its text leads to. */
  readonly to?: (item: Item) => string | undefined
  /** A second line, smaller. */
  readonly note?: (item: Item) => string | undefined
  /** The sort its head offers. */
  readonly sort?: string
  /** Shown only when chosen. */
  readonly isExtra?: true
}

/** How the keys of a sort are compared; their text travels in the cursor. */
export type KeyType = 'text' | 'timestamptz' | 'date' | 'bigint' | 'int'

/** Rows by these keys and then by id, all in one direction, which an index on the same columns walks either way. No key is null. */
export type Sort = {
  readonly keys: (sql: Sql) => readonly (readonly [KeyType, unknown])[]
  /** What the keys need beside the list's own table. */
  readonly join?: (sql: Sql) => unknown
}

export type Choice = { readonly value: string; readonly label: string }

export type Filter =
  | {
      readonly kind: 'choice'
      readonly label: string
      readonly choices: readonly Choice[]
      /** One of these links stands above the list; the others are in the panel of filters. */
      readonly isMain?: true
      /** Whether this choice keeps few of many, which nobody would meet soon by walking the list in its order. */
      readonly isRare?: (value: string) => boolean
      readonly where: (sql: Sql, value: string) => unknown
    }
  | {
      /** Days, both included, in UTC; `nameFrom` and `nameTo` in the address. */
      readonly kind: 'days'
      readonly label: string
      /** By these days the list is sorted then, newest first, unless it is asked otherwise. */
      readonly sort?: string
      readonly where: (
        sql: Sql,
        from: Temporal.PlainDate | undefined,
        to: Temporal.PlainDate | undefined,
      ) => unknown
    }
  | {
      /** One record the list is narrowed to: an account, an order. Any id, or nothing matches. */
      readonly kind: 'record'
      readonly label: string
      /** Those the panel of filters offers; none: only links lead to it. */
      readonly offers?: (sql: Sql) => Promise<readonly Choice[]>
      /** Of very many: the panel of filters searches among them. */
      readonly searches?: 'accounts'
      /** Its records have codes instead of ids. */
      readonly isNamedByCode?: true
      readonly where: (sql: Sql, id: string) => unknown
    }

/** What somebody typed into the search field. */
export type Searched = {
  /** As it was typed, without space around it. */
  readonly text: string
  /** Its words as `like` takes them. */
  readonly words: readonly string[]
}

export type ListDefinition<Item extends { readonly id: string } = { readonly id: string }> = {
  readonly name: string
  /** Where its page is. */
  readonly path: string
  readonly title: string
  readonly right: Right
  /** A portal may read it without that right: row-level security shows it its own. */
  readonly isOpenToPortals?: true
  readonly columns: Readonly<Record<string, Column<Item>>>
  /** The column a row is called by, the first unless said. */
  readonly naming?: string
  /** What an action is told of a row, its id unless said. */
  readonly key?: (item: Item) => string
  readonly sorts: Readonly<Record<string, Sort>>
  /** With a minus: from the end. */
  readonly defaultSort: string
  readonly filters: Readonly<Record<string, Filter>>
  /** What words of less than three characters find, where a search inside words needs three: shown when they are typed. */
  readonly searchesShort?: string
  /** What its search field says it looks into. */
  readonly searches: string
  readonly table: (sql: Sql) => unknown
  readonly id: (sql: Sql) => unknown
  /** What always holds, for example which jobs are ours. */
  readonly always?: (sql: Sql) => unknown
  /** What always holds keeps few of many, which nobody would meet soon by walking the list in its order. */
  readonly isFew?: true
  /** What a search looks up before it looks into the list. */
  readonly looksUp?: readonly ('accounts' | 'products' | 'people')[]
  /** The condition a search makes. */
  readonly search: (sql: Sql, searched: Searched, found: Found) => unknown
  /** The rows of these ids, in any order; beside each its keys of the sort. */
  readonly read: (sql: Sql, ids: readonly string[], keys: readonly (readonly string[])[]) => Promise<Item[]>
  /** A row as this person may read it, where not everybody may read all of it. */
  readonly readableBy?: (actor: Actor, item: Item) => Item
}

/**
 * The companies and products that hold the words of a search, and the companies whose people or key-delivery address do; none where the
 * list does not look them up.
 */
export type Found = {
  readonly accounts: FoundRecords
  readonly products: FoundRecords
  readonly people: FoundRecords
}

/** `few`: all of them, to be looked up; `many`: too many to name, so that each row has to be asked. */
export type FoundRecords =
  | { readonly kind: 'few'; readonly ids: readonly string[] }
  | { readonly kind: 'many'; readonly words: readonly string[] }

/** Keeps the types of a definition together and forgets those of its rows where lists are handled alike. */
export function list<Item extends { readonly id: string }>(
  definition: ListDefinition<Item>,
): ListDefinition<Item> {
  return definition
}

// biome-ignore lint/suspicious/noExplicitAny: a list of any rows, where all lists are handled alike
export type AnyList = ListDefinition<any>
