// One file of accounts on its way: received, checked row by row without changing anything, and imported when somebody says so.
import { Refusal } from '#kernel/failure.ts'
import { type AccountId, type Id, newId, type UserId } from '#kernel/ids.ts'
import { type Moves, move } from '#kernel/moves.ts'
import type { ImportCells, ImportField } from './import-columns.ts'
import type { ImportFormat, Separator } from './import-file.ts'
import type { ImportFault } from './import-row.ts'

export type AccountImportId = Id<'account import'>
export type AccountImportState =
  | 'received'
  | 'checking'
  | 'checked'
  | 'importing'
  | 'done'
  | 'refused'
  | 'cancelled'

export const accountImportMoves = {
  read: { from: ['received'], to: 'checking' },
  check: { from: ['checking'], to: 'checked' },
  start: { from: ['checked'], to: 'importing' },
  finish: { from: ['importing'], to: 'done' },
  refuse: { from: ['received', 'checking', 'checked', 'importing'], to: 'refused' },
  cancel: { from: ['received', 'checking', 'checked'], to: 'cancelled' },
} as const satisfies Moves<AccountImportState, string>

export type AccountImport = {
  readonly id: AccountImportId
  readonly fileName: string
  readonly format: ImportFormat
  readonly separator: Separator | undefined
  readonly state: AccountImportState
  readonly bytes: number
  readonly columns: readonly ImportField[]
  readonly ignoredColumns: readonly string[]
  readonly rowCount: number
  /** How far the check is, then how far the import is; of the rows it has to do with. */
  readonly rowsDone: number
  readonly createCount: number
  readonly changeCount: number
  readonly sameCount: number
  /** Rows the check found wrong. */
  readonly wrongCount: number
  /** Rows that look like a company there is. */
  readonly warnedCount: number
  readonly createdCount: number
  readonly changedCount: number
  /** Rows refused at the import although the check had found nothing: something had changed in between. */
  readonly leftCount: number
  readonly refusedBecause: string | undefined
  readonly receivedBy: UserId
  readonly receivedByName: string
  readonly receivedAt: Temporal.Instant
  readonly checkedAt: Temporal.Instant | undefined
  readonly startedBy: UserId | undefined
  readonly startedByName: string | undefined
  readonly startedAt: Temporal.Instant | undefined
  readonly endedAt: Temporal.Instant | undefined
}

export type ImportAction = 'create' | 'change' | 'same' | 'wrong'

export type ImportRow = {
  readonly line: number
  readonly cells: ImportCells
  /** Undefined: not checked yet. */
  readonly action: ImportAction | undefined
  readonly accountId: AccountId | undefined
  /** When the account had been changed last before it was checked. */
  readonly seenAt: Temporal.Instant | undefined
  readonly faults: readonly ImportFault[]
  /** What is no fault, and should be looked at: a company that seems to be there already. */
  readonly warnings: readonly string[]
  /** `left`: refused at the import. */
  readonly outcome: 'created' | 'changed' | 'left' | undefined
}

/** How long an import is kept. The accounts stay, and the audit log says who imported what. */
export const IMPORT_LIFE_DAYS = 60

export function receiveImport(
  input: {
    readonly fileName: string
    readonly format: ImportFormat
    readonly separator?: Separator | undefined
    readonly bytes: number
    readonly by: { readonly userId: UserId; readonly name: string }
  },
  at: Temporal.Instant,
): AccountImport {
  return {
    id: newId(),
    fileName:
      input.fileName.replace(/[\u0000-\u001f\u007f]/g, ' ').slice(0, 200) || `accounts.${input.format}`,
    format: input.format,
    separator: input.separator,
    state: 'received',
    bytes: input.bytes,
    columns: [],
    ignoredColumns: [],
    rowCount: 0,
    rowsDone: 0,
    createCount: 0,
    changeCount: 0,
    sameCount: 0,
    wrongCount: 0,
    warnedCount: 0,
    createdCount: 0,
    changedCount: 0,
    leftCount: 0,
    refusedBecause: undefined,
    receivedBy: input.by.userId,
    receivedByName: input.by.name,
    receivedAt: at,
    checkedAt: undefined,
    startedBy: undefined,
    startedByName: undefined,
    startedAt: undefined,
    endedAt: undefined,
  }
}

/** How many accounts an import makes or changes. */
export function toImport({
  createCount,
  changeCount,
}: Pick<AccountImport, 'createCount' | 'changeCount'>): number {
  return createCount + changeCount
}

export function startImport(
  found: AccountImport,
  by: { readonly userId: UserId; readonly name: string },
  at: Temporal.Instant,
): AccountImport {
  const state = move(accountImportMoves, found.state, 'start')
  if (toImport(found) === 0)
    throw new Refusal(
      'account-import/nothing-to-import',
      'No row of this file makes or changes an account. Correct the wrong rows and send them again.',
    )
  return { ...found, state, rowsDone: 0, startedBy: by.userId, startedByName: by.name, startedAt: at }
}

export function finishImport(found: AccountImport, at: Temporal.Instant): AccountImport {
  return { ...found, state: move(accountImportMoves, found.state, 'finish'), endedAt: at }
}

export function cancelImport(found: AccountImport, at: Temporal.Instant): AccountImport {
  return { ...found, state: move(accountImportMoves, found.state, 'cancel'), endedAt: at }
}

export function refuseImport(found: AccountImport, because: string, at: Temporal.Instant): AccountImport {
  return {
    ...found,
    state: move(accountImportMoves, found.state, 'refuse'),
    refusedBecause: because,
    endedAt: at,
  }
}
