// Imports the rows of a checked file, each exactly once: the id of a new account was minted by the check, and a row says what became of
// it in the transaction that made it so. Every row is checked again, because the world has gone on. A run that dies is followed by
// another that goes on with the next row.
import { Refusal } from '#kernel/failure.ts'
import {
  type AccountImport,
  type AccountImportId,
  faultsOf,
  finishImport,
  type ImportFault,
  type ImportRow,
  lockImport,
  ofFirstRank,
  planRow,
  refuseImport,
  saveImport,
  saveOutcomes,
  startImport,
  takeWaiting,
} from '#modules/accounts'
import { recordAudit } from '#modules/audit'
import { actorOf, assertMay, findBearer, mayDo, type Staff } from '#modules/users'
import { sellerScope, type Tx, transaction } from '#platform/db.ts'
import { enqueue, job } from '#platform/jobs.ts'
import type { App } from '../app.ts'
import { changeAccount } from './change-account.ts'
import { createAccount } from './create-account.ts'
import { inTurns } from './import-turns.ts'
import { resolveRows } from './resolve-rows.ts'

type Needs = Pick<App, 'db' | 'now'>

export async function startAccountImport(
  app: Needs,
  actor: Staff,
  input: { readonly importId: AccountImportId },
): Promise<AccountImport> {
  assertMay(actor, 'manage-accounts')
  return transaction(app.db, sellerScope, async (tx) => {
    const found = await lockImport(tx, input.importId)
    // A second click.
    if (found.state === 'importing' || found.state === 'done') return found
    const started = startImport(found, actor, app.now())
    await saveImport(tx, started)
    await enqueue(tx, importAccounts, [{ importId: found.id }])
    await recordAudit(tx, {
      at: app.now(),
      actor,
      action: 'account-import/started',
      subjectType: 'account-import',
      subjectId: found.id,
      after: {
        fileName: found.fileName,
        create: found.createCount,
        change: found.changeCount,
        wrong: found.wrongCount,
      },
    })
    return started
  })
}

const ROWS_AT_ONCE = 50

export const importAccounts = job<Needs, { importId: AccountImportId }>(
  'import-accounts',
  (app, { importId }): Promise<void> =>
    inTurns(app, importAccounts, importId, (tx) => importSome({ ...app, db: tx }, tx, importId)),
  { expireInSeconds: 60, concurrency: 2 },
)

/** Answers whether rows are left. */
async function importSome(app: Needs & { readonly db: Tx }, tx: Tx, id: AccountImportId): Promise<boolean> {
  const found = await lockImport(tx, id)
  if (found.state !== 'importing') return false
  // With the rights of who started it, as they are now.
  const bearer = found.startedBy && (await findBearer(tx, found.startedBy))
  const actor = bearer && actorOf(bearer.user, bearer.account?.kind ?? null)
  if (actor?.kind !== 'staff' || !mayDo(actor, 'manage-accounts')) {
    const because = `${found.startedByName}, who started it, may not manage accounts any more. What was imported until then stays.`
    await saveImport(tx, refuseImport(found, because, app.now()))
    return false
  }
  const rows = await takeWaiting(tx, id, ROWS_AT_ONCE)
  if (rows.length === 0) {
    const done = finishImport(found, app.now())
    await saveImport(tx, done)
    await recordAudit(tx, {
      at: app.now(),
      actor,
      action: 'account-import/done',
      subjectType: 'account-import',
      subjectId: id,
      after: { created: done.createdCount, changed: done.changedCount, left: done.leftCount },
    })
    return false
  }
  const sameRank = ofFirstRank(rows)
  const worldOf = await resolveRows(tx, sameRank, undefined)
  const outcomes: Outcome[] = []
  for (const row of sameRank) outcomes.push(await importRow(app, actor, row, worldOf(row)))
  await saveOutcomes(tx, id, outcomes)
  const count = (outcome: Outcome['outcome']) => outcomes.filter((each) => each.outcome === outcome).length
  await saveImport(tx, {
    ...found,
    rowsDone: found.rowsDone + outcomes.length,
    createdCount: found.createdCount + count('created'),
    changedCount: found.changedCount + count('changed'),
    leftCount: found.leftCount + count('left'),
    wrongCount: found.wrongCount + count('left'),
  })
  return true
}

type Outcome = {
  readonly line: number
  readonly outcome: NonNullable<ImportRow['outcome']>
  readonly faults: readonly ImportFault[]
}

/** Like the forms; what they refuse is written on the row. Nothing is written before a refusal. */
async function importRow(
  app: Needs,
  actor: Staff,
  row: ImportRow,
  world: Parameters<typeof planRow>[1],
): Promise<Outcome> {
  const left = (faults: readonly ImportFault[]): Outcome => ({ line: row.line, outcome: 'left', faults })
  const changedMeanwhile = (reason: string) => left([{ column: '', reason }])
  const plan = planRow(row.cells, world, app.now())
  if (plan.action === 'wrong') return left(plan.faults)
  const target = world.byNumber ?? world.byReference
  if (row.action === 'create') {
    if (plan.action !== 'create')
      return changedMeanwhile(
        `Account ${target?.number} was given this external reference after the check. Send the row again to change that account.`,
      )
    const { kind, parentId, details, terms } = plan
    const input = { id: row.accountId, kind, parentId, details, terms }
    return attempt('created', () => createAccount(app, actor, input))
  }
  if (!target || target.id !== row.accountId || plan.action === 'create')
    return changedMeanwhile(
      'It names another account than when it was checked. Send the row again to see what it would do now.',
    )
  if (!row.seenAt || !target.updatedAt.equals(row.seenAt))
    return changedMeanwhile(
      `Account ${target.number} was changed after the check. Send the row again to see what it would change now.`,
    )
  if (plan.action === 'same') return { line: row.line, outcome: 'changed', faults: [] }
  return attempt('changed', () => changeAccount(app, actor, { accountId: plan.accountId, ...plan.change }))

  async function attempt(outcome: 'created' | 'changed', work: () => Promise<unknown>): Promise<Outcome> {
    try {
      await work()
      return { line: row.line, outcome, faults: [] }
    } catch (error) {
      // A constraint of the database ends the transaction: it is tried again as a whole, and the rule that speaks for it says no then.
      if (!(error instanceof Refusal) || isOfDatabase(error)) throw error
      return left(faultsOf(error))
    }
  }
}

const isOfDatabase = (refusal: Refusal) => refusal.errors.some(({ code }) => code === 'taken')
