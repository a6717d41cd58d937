// A returned licence is credited for the full amount charged (E12). One that was never invoiced is simply not invoiced any more.
import type { AssetId } from '#kernel/ids.ts'
import { findInvoiceOfAsset, loadInvoice } from '#modules/invoicing'
import type { Tx } from '#platform/db.ts'
import { issueCredit } from './issue-credit.ts'

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
  return issueCredit(tx, original, { parts, cause: `return:${assetId}`, at })
}
