// The tables sales_figure and sales_month: what invoices and credit invoices of a month add up to, in each currency, by product and by who pays.
import type { Tx } from '#platform/db.ts'

/** The dashboard shows this month and the twelve before; months before are not summed. */
const MONTHS_SUMMED = 13

/** The first day of the first month that is summed. */
export function firstMonthSummed(at: Temporal.Instant): Temporal.PlainDate {
  return at
    .toZonedDateTimeISO('UTC')
    .toPlainDate()
    .with({ day: 1 })
    .subtract({ months: MONTHS_SUMMED - 1 })
}

/** Issued at one moment, committed at another: what is this much older than a sum may be missing from it. */
const LATE_COMMITS = { minutes: 10 }

/**
 * The months that are not summed as they stand now, oldest first: those never summed, and those with an invoice issued
 * since. A month whose sum takes long is left for twenty times as long, so that summing never takes more than a twentieth of a processor.
 */
export async function listMonthsToSum(tx: Tx, at: Temporal.Instant): Promise<Temporal.PlainDate[]> {
  const from = firstMonthSummed(at)
  const recent = at.subtract({ hours: 48 }).toZonedDateTimeISO('UTC').toPlainDate()
  const rows = await tx.many<{ month: Temporal.PlainDate }>`
    with never as (
      select month::date from generate_series(${from}::date, ${recent}::date, interval '1 month') as month
      where not exists (select 1 from sales_month where sales_month.month = month.month::date)
        and exists (select 1 from invoice where coalesce(invoice.issue_date, 'infinity') >= month.month::date
          and coalesce(invoice.issue_date, 'infinity') < (month.month + interval '1 month')::date)
    ), news as (
      select distinct date_trunc('month', invoice.issue_date)::date as month
      from invoice left join sales_month on sales_month.month = date_trunc('month', invoice.issue_date)::date
      where coalesce(invoice.issue_date, 'infinity') >= ${recent} and invoice.state = 'issued'
        and (sales_month.month is null or (invoice.issued_at > sales_month.summed_at - ${`${LATE_COMMITS.minutes} minutes`}::interval
          and ${at} >= sales_month.summed_at + sales_month.took_ms * interval '20 milliseconds'))
    )
    select month from never union select month from news order by month`
  return rows.map(({ month }) => month)
}

/**
 * Sums a month anew. What a line cost is the share of the cost its price was explained with; a line older than explanations with costs takes the
 * cost of its order item, and a line that credits that of the line it credits. A line nobody knows the cost of counts as sold, and is told apart.
 */
export async function sumMonth(tx: Tx, month: Temporal.PlainDate): Promise<void> {
  await tx.run`delete from sales_figure where month = ${month}`
  await tx.run`
    insert into sales_figure (month, currency, kind, subject_id, net_minor, cost_minor, unknown_minor)
    select ${month}, currency, case when grouping(product_id) = 0 then 'product' when grouping(payer_id) = 0 then 'payer' else 'all' end,
      coalesce(product_id, payer_id, '00000000-0000-0000-0000-000000000000'), sum(net), coalesce(sum(round(net * share)), 0),
      coalesce(sum(net) filter (where share is null), 0)
    from (
      select invoice.currency, coalesce(account.merged_into_id, account.id) as payer_id, item.product_id, line.net_minor as net,
        coalesce(
          (made.pricing #>> '{result,cost}')::numeric / nullif((made.pricing #>> '{result,net}')::numeric, 0),
          item.unit_cost / nullif(item.unit_price, 0)) as share
      from invoice
      join account on account.id = invoice.billing_to_id
      join invoice_line line on line.invoice_id = invoice.id
      join order_item item on item.id = line.order_item_id
      left join lateral (
        select line.pricing where line.kind = 'invoice'
        union all (select charged.pricing from invoice_line charged where line.kind = 'credit' and charged.charge_id = line.charge_id
          and charged.kind = 'invoice')
        union all (select charged.pricing from invoice_line charged where line.kind = 'credit' and charged.asset_id = line.asset_id
          and charged.kind = 'invoice')
        limit 1
      ) made on true
      where invoice.state = 'issued' and coalesce(invoice.issue_date, 'infinity') >= ${month}
        and coalesce(invoice.issue_date, 'infinity') < ${month.add({ months: 1 })}
    ) sold
    group by grouping sets ((currency), (currency, product_id), (currency, payer_id))`
}

export async function saveSummed(
  tx: Tx,
  summed: { readonly month: Temporal.PlainDate; readonly at: Temporal.Instant; readonly tookMs: number },
): Promise<void> {
  await tx.run`
    insert into sales_month (month, summed_at, took_ms) values (${summed.month}, ${summed.at}, ${Math.round(summed.tookMs)})
    on conflict (month) do update set summed_at = excluded.summed_at, took_ms = excluded.took_ms`
}
