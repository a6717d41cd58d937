// What an account has made use of, read from everything it was sold.
import type { AccountId } from '#kernel/ids.ts'
import { type Currency, money } from '#kernel/money.ts'
import type { Sql, Tx } from '#platform/db.ts'
import type { CreditUse } from './credit.ts'

/**
 * Takes turns with everybody else who is about to use the credit of an account: what is read afterwards, in a statement of its own,
 * knows what they used. Orders of accounts without a limit do not wait for each other.
 */
export async function lockCredit(tx: Tx, id: AccountId): Promise<void> {
  await tx.run`select 1 from account where id = ${id} for no key update`
}

export async function loadCreditUse(
  sql: Sql,
  { id, currency }: { readonly id: AccountId; readonly currency: Currency },
): Promise<CreditUse> {
  const row = await sql.one<{ invoices: string; uninvoiced: string }>`
    select
      (select coalesce(sum(open_minor), 0)::text from receivable
        where billing_to_id = ${id} and currency = ${currency} and open_minor <> 0) as invoices,
      ((select coalesce(sum(item.net_minor + item.tax_minor), 0) from asset join order_item item on item.id = asset.order_item_id
        where asset.billing_to_id = ${id} and asset.currency = ${currency} and asset.invoice_id is null and asset.state = 'active')
      + (select coalesce(sum(item.net_minor + item.tax_minor), 0) from subscription join order_item item on item.id = subscription.order_item_id
        where subscription.billing_to_id = ${id} and subscription.currency = ${currency} and subscription.state = 'ordered')
      + (select coalesce(sum(charge.net_minor + round(charge.net_minor * subscription.tax_basis_points / 10000.0)), 0)
        from subscription join subscription_charge charge on charge.subscription_id = subscription.id
        where subscription.billing_to_id = ${id} and subscription.currency = ${currency} and subscription.state = 'active'
          and charge.invoice_id is null and charge.waived_at is null))::bigint::text as uninvoiced`
  return {
    openInvoices: money(BigInt(row.invoices), currency),
    uninvoicedOrders: money(BigInt(row.uninvoiced), currency),
  }
}
