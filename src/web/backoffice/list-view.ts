// What a page needs to show a list: texts and addresses, nothing else. Types only: pages import them.

import type { ChangeShown } from './history-words.ts'

export type CellView = {
  readonly text: string
  /** Shown instead of the text. */
  readonly changes?: readonly ChangeShown[] | undefined
  readonly to?: string | undefined
  readonly note?: string | undefined
  /** `sentence` is read from the left wherever it stands. */
  readonly look?: 'state' | 'code' | 'moment' | 'sentence' | undefined
  /** Never broken over lines. */
  readonly keepsTogether?: true | undefined
}

export type ChoiceView = { readonly value: string; readonly label: string }

export type FilterView =
  | {
      readonly kind: 'choice'
      readonly name: string
      readonly label: string
      readonly choices: readonly ChoiceView[]
      readonly value: string
    }
  | {
      /** One account, searched for while one types. */
      readonly kind: 'account'
      readonly name: string
      readonly label: string
      readonly value: string
      readonly valueName: string
    }
  | {
      readonly kind: 'days'
      readonly name: string
      readonly label: string
      readonly from: string
      readonly to: string
    }

export type ActionView = {
  readonly intent: string
  readonly label: string
  /** Why is asked for beside it. */
  readonly asksReason?: true | undefined
}

/** What became of each ticked row. */
export type BulkReport = {
  readonly label: string
  readonly rows: readonly { readonly name: string; readonly isDone: boolean; readonly text: string }[]
}

export type ListView = {
  readonly name: string
  readonly title: string
  readonly searches: string
  /** What is said of the words that are searched for. */
  readonly hint: string | undefined
  /** The address of what is shown, without the page it is at. */
  readonly query: string
  readonly sort: string
  readonly isNarrowed: boolean
  readonly columns: readonly {
    readonly name: string
    readonly label: string
    readonly sort: string | undefined
    readonly isNumeric: boolean
  }[]
  readonly choosable: readonly {
    readonly name: string
    readonly label: string
    readonly isShown: boolean
    readonly isFixed: boolean
  }[]
  readonly rows: readonly {
    readonly id: string
    readonly cells: readonly CellView[]
    /** What a form sends of it. */
    readonly key: string
    /** What it is called. */
    readonly name: string
    /** Its own buttons. */
    readonly buttons: readonly ActionView[]
  }[]
  /** What can be done to ticked rows. */
  readonly actions: readonly ActionView[]
  readonly next: string | undefined
  readonly previous: string | undefined
  readonly rowsPerPage: number
  readonly pageSizes: readonly number[]
  readonly main:
    | {
        readonly name: string
        readonly label: string
        readonly choices: readonly ChoiceView[]
        readonly value: string
      }
    | undefined
  readonly filters: readonly FilterView[]
  /** What the address narrows the list to beside search and main filter; `names` are taken away to undo it. */
  readonly chips: readonly { readonly names: readonly string[]; readonly text: string }[]
  readonly saved: readonly {
    readonly id: string
    readonly name: string
    readonly query: string
    readonly isCurrent: boolean
  }[]
}

/** The newest rows of a list that belong to one record. */
export type NewestView = Pick<ListView, 'title' | 'columns'> & {
  /** Where all of them are. */
  readonly all: string
  /** There are more than are shown. */
  readonly isMore: boolean
  readonly rows: readonly { readonly id: string; readonly cells: readonly CellView[] }[]
}
