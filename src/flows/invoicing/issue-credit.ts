// A credit invoice over parts of an issued one, made and issued at once; in the transaction currency at the rate of what it credits.
import {
  type CreditedPart,
  credit,
  creditedInTransaction,
  type Invoice,
  insertDraft,
  issue,
  saveIssued,
  sumCredited,
  takeNumber,
} from '#modules/invoicing'
import type { Tx } from '#platform/db.ts'
import { mailRecords } from '../notifying/reach.ts'

/** Answers its number; undefined where its cause was credited before. The caller holds the order's lock. */
export async function issueCredit(
  tx: Tx,
  original: Invoice,
  { parts, cause, at }: { parts: readonly CreditedPart[]; cause: string; at: Temporal.Instant },
): Promise<string | undefined> {
  const made = credit(original, parts, cause, at)
  if (!(await insertDraft(tx, made))) return undefined
  const transaction =
    original.transaction && creditedInTransaction(original.transaction, made, await sumCredited(tx, original))
  await mailRecords(tx, 'credit-invoice-issued', [made.id], at)
  const number = await takeNumber(tx, made, at)
  await saveIssued(tx, issue(made, number, at, 0, transaction))
  return number
}
