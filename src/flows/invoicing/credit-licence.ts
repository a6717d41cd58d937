// A returned licence is credited for the full amount charged (E12). One that was never invoiced is simply not invoiced any more.
import type { AssetId } from '#kernel/ids.ts'
import {
  credit,
  findInvoiceOfAsset,
  insertDraft,
  issue,
  loadInvoice,
  saveIssued,
  takeNumber,
} from '#modules/invoicing'
import type { Tx } from '#platform/db.ts'

/** Answers the credit invoice's number; undefined when there was nothing to credit. The caller holds the order's lock. */
export async function creditLicence(
  tx: Tx,
  assetId: AssetId,
  at: Temporal.Instant,
): Promise<string | undefined> {
  const invoiceId = await findInvoiceOfAsset(tx, assetId)
  if (!invoiceId) return undefined
  const original = await loadInvoice(tx, invoiceId)
  const parts = original.lines
    .filter((line) => line.assetId === assetId)
    .map((line) => ({ line, net: line.net }))
  const made = credit(original, parts, `return:${assetId}`, at)
  if (!(await insertDraft(tx, made))) return undefined
  const number = await takeNumber(tx, made, at)
  await saveIssued(tx, issue(made, number, at, 0))
  return number
}
