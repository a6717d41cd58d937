// Checks the rows of a file of accounts by the rules of the forms, and changes nothing: what would be made, what would be changed, what
// is wrong, and what looks as if it were there already. Some rows a transaction, and a run of the job as long as a few seconds: one that
// dies is followed by another that goes on.
import { isCountry } from '#kernel/countries.ts'
import { type AccountId, newId, type UserId } from '#kernel/ids.ts'
import { move } from '#kernel/moves.ts'
import {
  type Account,
  type AccountImport,
  type AccountImportId,
  accountImportMoves,
  type CheckedRow,
  findLikeAccounts,
  findLinesOf,
  type ImportFault,
  type ImportPlan,
  importColumn,
  type Likeness,
  lockImport,
  ofFirstRank,
  planRow,
  readVatNumber,
  saveChecked,
  saveImport,
  takeUnchecked,
  tradeTermsOf,
  type UncheckedRow,
} from '#modules/accounts'
import { actorOf, findBearer, mayDo, type Right } from '#modules/users'
import type { Tx } from '#platform/db.ts'
import { job } from '#platform/jobs.ts'
import type { App } from '../app.ts'
import { termsFaults } from './assert-may-change-terms.ts'
import { inTurns } from './import-turns.ts'
import { resolveRows } from './resolve-rows.ts'

const ROWS_AT_ONCE = 250

export const checkAccountImport = job<Pick<App, 'db' | 'now'>, { importId: AccountImportId }>(
  'check-account-import',
  (app, { importId }): Promise<void> =>
    inTurns(app, checkAccountImport, importId, (tx) => checkSome(app, tx, importId)),
  { expireInSeconds: 60, concurrency: 2 },
)

/** Answers whether rows are left. */
async function checkSome(app: Pick<App, 'now'>, tx: Tx, id: AccountImportId): Promise<boolean> {
  const found = await lockImport(tx, id)
  if (found.state !== 'checking') return false
  const rows = await takeUnchecked(tx, id, ROWS_AT_ONCE)
  const sameRank = ofFirstRank(rows)
  if (sameRank.length === 0) {
    const state = move(accountImportMoves, found.state, 'check')
    await saveImport(tx, { ...found, state, rowsDone: found.rowCount, checkedAt: app.now() })
    return false
  }
  const checked = await check(app, tx, found, sameRank)
  await saveChecked(tx, id, checked)
  await saveImport(tx, counted(found, checked))
  return true
}

function counted(found: AccountImport, rows: readonly CheckedRow[]): AccountImport {
  const count = (action: CheckedRow['action']) => rows.filter((row) => row.action === action).length
  return {
    ...found,
    rowsDone: found.rowsDone + rows.length,
    createCount: found.createCount + count('create'),
    changeCount: found.changeCount + count('change'),
    sameCount: found.sameCount + count('same'),
    wrongCount: found.wrongCount + count('wrong'),
    warnedCount: found.warnedCount + rows.filter(({ warnings }) => warnings.length > 0).length,
  }
}

async function check(
  app: Pick<App, 'now'>,
  tx: Tx,
  found: Pick<AccountImport, 'id' | 'receivedBy'>,
  rows: readonly UncheckedRow[],
): Promise<CheckedRow[]> {
  const worldOf = await resolveRows(tx, rows, found.id)
  const mayChangeTerms = await mayOf(tx, found.receivedBy, 'change-terms')
  const at = app.now()
  const planned = rows.map((row) => {
    const world = worldOf(row)
    const target = world.byNumber ?? world.byReference
    return { row, target, plan: planRow(row.cells, world, at) }
  })
  const targets = planned.flatMap(({ target }) => (target ? [target.id] : []))
  const lines = new Map(await findLinesOf(tx, found.id, targets))
  const alike = await findLike(tx, planned)
  return planned.map(({ row, target, plan }) => {
    const faults = [
      ...faultsOfPlan(plan),
      ...(mayChangeTerms ? [] : termsNotAllowed(plan, target)),
      ...doubles(row, target?.id, lines),
    ]
    const warnings = warningsOf(row, alike.get(row.line) ?? [], faults.length > 0)
    if (faults.length > 0 || plan.action === 'wrong')
      return { line: row.line, action: 'wrong', accountId: undefined, seenAt: undefined, faults, warnings }
    const accountId = plan.action === 'create' ? newId<AccountId>() : plan.accountId
    lines.set(accountId, row.line)
    return { line: row.line, action: plan.action, accountId, seenAt: target?.updatedAt, faults, warnings }
  })
}

const faultsOfPlan = (plan: ImportPlan): readonly ImportFault[] =>
  plan.action === 'wrong' ? plan.faults : []

/** A limit or days to pay in a file of somebody who may not set them. */
function termsNotAllowed(plan: ImportPlan, target: Account | undefined): ImportFault[] {
  return termsFaults(tradeTermsOf(plan, target)).map(({ term, message }) => ({
    column: importColumn(term).name,
    reason: message,
  }))
}

/** As their roles are now; of nobody who may not sign in any more. */
async function mayOf(tx: Tx, userId: UserId, right: Right): Promise<boolean> {
  const bearer = await findBearer(tx, userId)
  return bearer !== undefined && mayDo(actorOf(bearer.user, bearer.account?.kind ?? null), right)
}

/** Rows that are about one account: nobody can say which of them is meant. */
function doubles(
  { line, sameNumber, sameReference }: UncheckedRow,
  target: AccountId | undefined,
  lines: ReadonlyMap<AccountId, number>,
): ImportFault[] {
  if (sameNumber !== null)
    return [
      { column: importColumn('number').name, reason: `Line ${sameNumber} has the same account number.` },
    ]
  if (sameReference !== null)
    return [
      {
        column: importColumn('externalReference').name,
        reason: `Line ${sameReference} has the same external reference.`,
      },
    ]
  const before = target && lines.get(target)
  return before !== undefined && before !== line
    ? [{ column: '', reason: `Line ${before} changes the same account.` }]
    : []
}

/** What may be a double is said, and imported all the same: two companies can have one name. */
function warningsOf(row: UncheckedRow, alike: readonly Likeness[], isWrong: boolean): string[] {
  if (isWrong) return []
  const said = (by: Likeness['by'], words: string, line: number | null) => {
    const account = alike.find((each) => each.by === by)
    if (account) return [`${account.number}, ${account.name}, has the same ${words}.`]
    return line === null ? [] : [`Line ${line} has the same ${words}.`]
  }
  return [...said('vat', 'VAT number', row.sameVat), ...said('name', 'name and country', row.sameName)]
}

async function findLike(
  tx: Tx,
  planned: readonly {
    readonly row: UncheckedRow
    readonly target: { readonly id: AccountId } | undefined
    readonly plan: ImportPlan
  }[],
): Promise<ReadonlyMap<number, Likeness[]>> {
  const companies = planned.flatMap(({ row, target, plan }) => {
    if (plan.action !== 'create' && plan.action !== 'change') return []
    const details = plan.action === 'create' ? plan.details : (plan.change.details ?? {})
    const country = details.country ?? ''
    if (!isCountry(country)) return []
    const vat = details.vatNumber ? readVatNumber(details.vatNumber, country) : undefined
    return [
      {
        key: String(row.line),
        name: details.name ?? '',
        country: country as string,
        vatNumber: vat?.outcome === 'fine' ? vat.vatNumber : null,
        not: target?.id ?? null,
      },
    ]
  })
  const found = await findLikeAccounts(tx, companies)
  return Map.groupBy(found, ({ key }) => Number(key))
}
