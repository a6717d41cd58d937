// Imports of accounts as pages show them: every text made on the server.
import { type AccountImport, type ImportRow, importColumn, toImport } from '#modules/accounts'
import type { ImportRowView } from '#views/accounts/account-imports.ts'
import { momentDisplay, numberDisplay } from '#web/format.ts'

const states: Readonly<Record<AccountImport['state'], string>> = {
  received: 'being checked',
  checking: 'being checked',
  checked: 'ready',
  importing: 'being imported',
  done: 'imported',
  refused: 'refused',
  cancelled: 'discarded',
}
export const importStateWords = (state: AccountImport['state']) => states[state]

export const isMoving = ({ state }: Pick<AccountImport, 'state'>) =>
  state === 'received' || state === 'checking' || state === 'importing'

const accounts = (count: number) => `${numberDisplay(count)} ${count === 1 ? 'account' : 'accounts'}`

export function importItem(it: AccountImport) {
  return {
    id: it.id as string,
    fileName: it.fileName,
    state: importStateWords(it.state),
    rows: it.rowCount === 0 ? '' : numberDisplay(it.rowCount),
    made: it.startedAt ? numberDisplay(it.createdCount) : '',
    changed: it.startedAt ? numberDisplay(it.changedCount) : '',
    wrong: it.wrongCount === 0 ? '' : numberDisplay(it.wrongCount),
    by: it.receivedByName,
    received: momentDisplay(it.receivedAt),
  }
}

export function importShown(it: AccountImport) {
  const count = toImport(it)
  return {
    id: it.id as string,
    fileName: it.fileName,
    state: it.state,
    stateWords: importStateWords(it.state),
    isMoving: isMoving(it),
    refusedBecause: it.refusedBecause,
    rows: it.rowCount,
    done: it.rowsDone,
    toImport: count,
    button: `Import ${accounts(count)}`,
    wrong: it.wrongCount,
    warned: it.warnedCount,
    ignored: it.ignoredColumns.map((head) => `“${head}”`).join(', '),
    counts: countsOf(it),
    question: questionOf(it),
    facts: [
      ['File', it.fileName],
      ['Rows', it.rowCount === 0 ? undefined : numberDisplay(it.rowCount)],
      ['Sent by', it.receivedByName],
      ['Sent', momentDisplay(it.receivedAt)],
      ['Checked', it.checkedAt && momentDisplay(it.checkedAt)],
      ['Started by', it.startedByName],
      ['Started', it.startedAt && momentDisplay(it.startedAt)],
      ['Ended', it.endedAt && momentDisplay(it.endedAt)],
    ] as [string, string | undefined][],
  }
}

/** What the check found; of an import that was started, what it did. */
function countsOf(it: AccountImport): [string, string][] {
  const same: [string, string][] =
    it.sameCount > 0 ? [['As they are already', numberDisplay(it.sameCount)]] : []
  return it.startedAt
    ? [
        ['Created', numberDisplay(it.createdCount)],
        ['Changed', numberDisplay(it.changedCount)],
        ...same,
        ['Not imported', numberDisplay(it.wrongCount)],
      ]
    : [
        ['To create', numberDisplay(it.createCount)],
        ['To change', numberDisplay(it.changeCount)],
        ...same,
        ['Wrong', numberDisplay(it.wrongCount)],
      ]
}

function questionOf(it: AccountImport): string {
  const parts = [
    it.createCount > 0 && `${accounts(it.createCount)} ${it.createCount === 1 ? 'is' : 'are'} created`,
    it.changeCount > 0 && `${accounts(it.changeCount)} ${it.changeCount === 1 ? 'is' : 'are'} changed`,
  ].filter(Boolean)
  return `${parts.join(' and ')}.`
}

const does: Readonly<Record<NonNullable<ImportRow['action']>, string>> = {
  create: 'to create',
  change: 'to change',
  same: 'as it is already',
  wrong: 'wrong',
}

export function importRowShown(row: ImportRowView) {
  const { cells, accountId, outcome } = row
  const isThere =
    outcome === 'created' || outcome === 'changed' || row.action === 'change' || row.action === 'same'
  return {
    line: row.line,
    name: cells.name || cells.number || cells.externalReference || '(no name)',
    about: [cells.number, cells.externalReference, cells.city, cells.country].filter(Boolean).join(', '),
    to: accountId && isThere ? `/accounts/${accountId}` : undefined,
    does: outcome && outcome !== 'left' ? outcome : row.action ? does[row.action] : 'not checked yet',
    faults: row.faults.map(({ column, reason }) => ({ column, reason })),
    warnings: [...row.warnings],
    changes: row.changes.map((each) => ({ ...each })),
  }
}

/** The columns of the template with what each holds. */
export function columnsShown(fields: readonly Parameters<typeof importColumn>[0][]) {
  return fields.map((field) => importColumn(field)).map(({ name, about }) => ({ name, about }))
}
