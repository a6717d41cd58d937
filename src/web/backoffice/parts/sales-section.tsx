import type { SalesShown } from '#web/backoffice/sales-shown.ts'
import { ColumnChart, Ranking } from '#web/ui/chart.tsx'
import { Card, Empty, Section } from '#web/ui/page.tsx'
import { FilterLinks } from '#web/ui/table.tsx'
import { muted } from '#web/ui/tone.ts'

/** Revenue and margin by month, what and who brings most of it, and what is still to be paid; of one currency. */
export function SalesSection({ sales }: { sales: SalesShown }) {
  return (
    <Section
      title="Sales"
      actions={
        sales.currencies.length > 1 && (
          <FilterLinks name="currency" current={sales.currency} choices={sales.currencies} all={false} />
        )
      }
    >
      {sales.isEmpty ? (
        <Empty title="Nothing was invoiced yet">
          Revenue, margin and what is still to be paid appear with the first invoice.
        </Empty>
      ) : (
        <div className="grid gap-4 lg:grid-cols-2">
          <div className="lg:col-span-2">
            <Card title={`${sales.total} in thirteen months`}>
              <ColumnChart
                caption={sales.seesCosts ? 'Revenue, cost and margin by month' : 'Revenue by month'}
                columns={sales.columns}
                legend={
                  sales.seesCosts
                    ? ['Revenue without VAT', 'of it margin', 'of it cost']
                    : ['Revenue without VAT']
                }
                heads={sales.heads}
                rows={sales.rows}
              />
              {sales.summed && (
                <p className={`text-[0.8571em] ${muted}`}>
                  Invoices less credit invoices, summed {sales.summed}. What was sold without a known cost is
                  in no margin.
                </p>
              )}
            </Card>
          </div>
          <Card title="Products">
            {sales.products.length > 0 ? (
              <Ranking label="Products by revenue" ranks={sales.products} table={sales.productTable} />
            ) : (
              <p className={muted}>Nothing was sold in this currency.</p>
            )}
          </Card>
          <Card title="Who pays">
            {sales.payers.length > 0 ? (
              <Ranking label="Accounts by revenue" ranks={sales.payers} table={sales.payerTable} />
            ) : (
              <p className={muted}>Nothing was sold in this currency.</p>
            )}
          </Card>
          <div className="lg:col-span-2">
            <Card title="Still to be paid">
              <Ranking label="Open invoices by age" ranks={sales.aged} table={sales.agedTable} />
            </Card>
          </div>
        </div>
      )}
    </Section>
  )
}
